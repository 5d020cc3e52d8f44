/**
 * @file Every cap on what a file may claim or contain, each with its reason. A reader compares
 * against these before it allocates. Raise one only together with its tests, just under and over.
 */

const KB = 1024;
const MB = 1024 * KB;
const GB = 1024 * MB;

export const LIMITS = {
  /** One file: what a browser can hold in one ArrayBuffer everywhere. */
  fileBytes: 2 * GB,
  /** Files dropped together; people drop folders by mistake. */
  files: 4096,
  /** What is looked at to tell a file's kind: holds a tar header and the first few CIFAR records. */
  sniffBytes: 16 * KB,
  /** How much of a file is read between two looks at the abort signal. */
  readBytes: 4 * MB,
  /** A model.json of a thousand layers is under 1 MB. */
  jsonBytes: 64 * MB,
  /** Deeper JSON than any format here needs; recursion over it stays far from the stack's end. */
  jsonDepth: 64,
  /** The safetensors library's own cap on its header. */
  safetensorsHeaderBytes: 100_000_000,
  /** Tensors in one file. */
  tensors: 100_000,
  /** Axes of one tensor. */
  rank: 8,
  /** Size of one axis, and elements of one activation: what 32-bit indices in kernels can reach. */
  elements: 2 ** 31,
  /**
   * Channels of an input, and of any node unless the file has as many weights to match: one takes lists of
   * this length to the page's own thread. Real networks have some thousand.
   */
  channels: 2 ** 20,
  /** Nodes of one graph; PreResNet-1202 has 6 000. */
  nodes: 20_000,
  /** Characters of a node's, tensor's or class's name. */
  nameLength: 1024,
  /** Plans and trainings that a network remembers; a slimming in many passes takes a few dozen. */
  surgerySteps: 4096,
  /** Networks of one project; a visit makes a few dozen. */
  runs: 4096,
  /** Positions of one project that were measured. */
  positions: 100_000,
  /** Names of classes; ImageNet-21k has 21 843. */
  classes: 65_536,
  /** Entries of a zip without the zip64 extension. */
  zipEntries: 65_535,
  /** Files of a tar; the official archive has eight. */
  tarEntries: 4096,
  /** Unpacked bytes of CIFAR, which really has 184 MB. */
  imageBytes: 512 * MB,
  /** Files dropped together when they are pictures: CIFAR as PNG has 60 000. */
  pictures: 100_000,
  /** Labels are bytes. */
  pictureClasses: 256,
  /** Of one picture; 64 megapixels are 256 MB decoded. */
  picturePixels: 2 ** 26,
  /** Unpacked bytes of any archive, as a multiple of its own and in addition to it. */
  unpackedRatio: 4,
  unpackedBytes: 256 * MB,
  /** What a reader may make of a file that names one thing many times, likewise. */
  copiedRatio: 3,
  copiedBytes: 64 * MB,
} as const;

/** How much an archive of that many bytes may unpack to: enough for weights, no room for a bomb. */
export function unpackedLimit(archiveBytes: number): number {
  return LIMITS.unpackedRatio * archiveBytes + LIMITS.unpackedBytes;
}

/** How much may be made of a file of that many bytes that can ask for copies. */
export function copiedLimit(fileBytes: number): number {
  return LIMITS.copiedRatio * fileBytes + LIMITS.copiedBytes;
}
