/** @file Damage to HDF5 near the signatures of its structures, where sizes, addresses and versions stand. */
import { latin1 } from "../../../src/files/bytes.ts";
import { EDGES, type Mutator, pick, writeNumber } from "../mutator.ts";

/** B-trees, heaps, nodes of symbols, object headers, heaps of texts, and the superblock. */
const SIGNATURE = /TREE|HEAP|SNOD|OHDR|OCHK|GCOL|FRHP|FHDB|BTHD|BTLF|\x89HDF/g;
/** How far behind a signature its fields reach. */
const REACH = 96;

export const mutateHdf5: Mutator = (bytes, random) => {
  const mutant = bytes.slice();
  const starts = [...latin1(bytes, 0, bytes.length).matchAll(SIGNATURE)].map(({ index }) => index);
  if (starts.length === 0) return mutant;
  const at = pick(starts, random) + random.integer(REACH);
  const size = pick([1, 2, 4, 8], random);
  switch (random.integer(4)) {
    case 0:
      writeNumber(mutant, at, random.integer(256), { size: 1 });
      break;
    case 1:
      // The address of another structure, or of this one.
      writeNumber(mutant, at, pick(starts, random), { size: 8 });
      break;
    case 2:
      writeNumber(mutant, at, bytes.length + random.integer(17) - 8, { size });
      break;
    default:
      writeNumber(mutant, at, pick(EDGES, random), { size });
  }
  return mutant;
};
