import { startInstallation } from './installation.ts';
import { Lifetime } from './lifetime.ts';
import { mailLine, mustBeFree, originOf, wantedPort } from './ports.ts';
import { StartError, say, sayReady } from './say.ts';
import { buildWeb, webWorker } from './web.ts';

const lifetime = new Lifetime();

lifetime.run(async () => {
  const port = wantedPort();
  await mustBeFree(port);
  const { transcoder, logFile } = await startInstallation(lifetime, port, originOf(port), async () => {
    const buildSeconds = await buildWeb();
    sayReady('web', buildSeconds === 0 ? 'built before' : `built in ${Math.round(buildSeconds)} s`);
    return [await webWorker()];
  });
  say(`\nMelro is at ${originOf(port)}\n${mailLine(port)}\nCtrl-C stops it.`);
  const how = await transcoder.ended;
  if (!lifetime.isStopping)
    throw new StartError(`The transcoder ended (${how}). Its last words are in ${logFile}.`);
});
