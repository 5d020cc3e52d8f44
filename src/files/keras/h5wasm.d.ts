/** The maker of h5wasm's program, which the package does not export. */
declare module "*/h5wasm/dist/esm/hdf5_util.js" {
  import type { ready } from "h5wasm";

  const makeProgram: (options: { readonly noInitialRun: boolean }) => typeof ready;
  export default makeProgram;
}
