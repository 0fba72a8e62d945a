/** The version of the window, from package.json. */
declare const __VERSION__: string;

declare module '*.ftl?raw' {
  const source: string;
  export default source;
}
