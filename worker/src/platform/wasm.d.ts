/** Wrangler, Miniflare and vitest all hand a compiled module to who imports a `.wasm` file. */
declare module '*.wasm' {
  const module: WebAssembly.Module;
  // biome-ignore lint/style/noDefaultExport: that is how it is imported
  export default module;
}
