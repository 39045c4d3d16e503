/** PNG with a palette: pictures of a user interface lose nothing one can see and most of their size. */
import { deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

/** From 8-bit RGB or RGBA, as browsers write it, to at most 256 opaque colours. */
export function withPalette(png) {
  const { width, height, pixels } = decode(png);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const palette = medianCut([...counts], 256);
  const nearest = new Map();
  const indexOf = (colour) => {
    let index = nearest.get(colour);
    if (index === undefined) nearest.set(colour, (index = closest(palette, colour)));
    return index;
  };
  const raw = Buffer.alloc(height * (width + 1));
  for (let y = 0, at = 0, from = 0; y < height; y++) {
    at++;
    for (let x = 0; x < width; x++) raw[at++] = indexOf(pixels[from++]);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([SIGNATURE, chunk("IHDR", header), chunk("PLTE", Buffer.from(palette.flatMap(parts))), chunk("IDAT", deflateSync(raw, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];

function chunk(type, data) {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(data.length + 12);
  framed.writeUInt32BE(data.length, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(crc32(named), data.length + 8);
  return framed;
}

function decode(png) {
  let width, height, channels;
  const data = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === "IHDR") {
      [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
      channels = { 2: 3, 6: 4 }[body[9]];
      if (body[8] !== 8 || !channels || body[12]) throw new Error("not an 8-bit RGB or RGBA picture");
    } else if (type === "IDAT") data.push(body);
    at += length + 12;
  }
  const raw = inflateSync(Buffer.concat(data));
  const stride = width * channels;
  const line = Buffer.alloc(stride);
  const pixels = new Uint32Array(width * height);
  for (let y = 0, from = 0, to = 0; y < height; y++) {
    const filter = raw[from++];
    const above = Buffer.from(line);
    for (let i = 0; i < stride; i++) {
      const left = i >= channels ? line[i - channels] : 0;
      const corner = i >= channels ? above[i - channels] : 0;
      line[i] = raw[from++] + [0, left, above[i], (left + above[i]) >> 1, paeth(left, above[i], corner)][filter];
    }
    for (let x = 0; x < stride; x += channels) pixels[to++] = (line[x] << 16) | (line[x + 1] << 8) | line[x + 2];
  }
  return { width, height, pixels };
}

function paeth(left, above, corner) {
  const estimate = left + above - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - above), Math.abs(estimate - corner)];
  return a <= b && a <= c ? left : b <= c ? above : corner;
}

/** Splits the widest box at its median until there are enough; each box becomes its most frequent colour. */
function medianCut(counted, wanted) {
  const boxes = [counted];
  while (boxes.length < wanted) {
    const spreads = boxes.map(spread);
    const widest = spreads.reduce((best, s, i) => (s.width > spreads[best].width ? i : best), 0);
    if (spreads[widest].width === 0) break;
    const box = boxes[widest].sort((a, b) => parts(a[0])[spreads[widest].channel] - parts(b[0])[spreads[widest].channel]);
    const half = box.length >> 1;
    boxes.splice(widest, 1, box.slice(0, half), box.slice(half));
  }
  return boxes.map((box) => box.reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0]);
}

function spread(box) {
  let best = { width: 0, channel: 0 };
  if (box.length < 2) return best;
  for (let channel = 0; channel < 3; channel++) {
    let [low, high] = [255, 0];
    for (const [colour] of box) {
      const value = parts(colour)[channel];
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (high - low > best.width) best = { width: high - low, channel };
  }
  return best;
}

function closest(palette, colour) {
  const [r, g, b] = parts(colour);
  let [best, least] = [0, Infinity];
  for (const [index, candidate] of palette.entries()) {
    const [cr, cg, cb] = parts(candidate);
    const distance = (r - cr) ** 2 + (g - cg) ** 2 + (b - cb) ** 2;
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) c = CRC[(c ^ byte) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
