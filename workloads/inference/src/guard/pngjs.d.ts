/** As much of pngjs as is used here; it has no types of its own. */
declare module 'pngjs' {
  type Options = { colorType?: number; inputHasAlpha?: boolean; filterType?: number; deflateLevel?: number }
  export class PNG {
    width: number
    height: number
    data: Buffer
    constructor(options: { width: number; height: number })
    static sync: { read(file: Buffer): PNG; write(image: PNG, options: Options): Buffer }
  }
}
