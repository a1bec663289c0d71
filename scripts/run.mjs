// Plain JavaScript on purpose: an old Node must get this far to be told that it is old.
const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  console.error(
    `Melro's tools need Node 24 and this is ${process.version}. \`npm ci\` installs it beside the project; ` +
      'run them through npm (npm start), and if that is what you did, run `npm ci` again.',
  );
  process.exit(1);
}
process.removeAllListeners('warning');
const [, , script, ...args] = process.argv;
process.argv = [process.argv[0], script, ...args];
await import(new URL(script, import.meta.url));
