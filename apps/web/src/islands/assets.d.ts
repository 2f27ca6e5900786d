/** A worker that the bundler makes an asset of; the text is its address. */
declare module '*?worker&url' {
  const address: string;
  export default address;
}
