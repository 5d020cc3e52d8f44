import { describe, expect, it } from "vitest";
import { explain } from "../../core/index.ts";
import { refusal } from "../../core/testing/refusal.ts";
import type { PickleValue } from "./pickle-values.ts";
import { isKind } from "./pickle-values.ts";
import { dict, int, latin, text, uint32 } from "./testing/files.ts";
import { loadNothing, unpickle } from "./unpickle.ts";

const read = (pickle: string): PickleValue => unpickle(latin(pickle), 0, "x", loadNothing).value;
const sentence = async (pickle: string): Promise<string> =>
  explain(await refusal(() => read(pickle)));

/** Containers as JavaScript has them. */
function plain(value: PickleValue): unknown {
  if (isKind(value, "list") || isKind(value, "tuple")) return value.items.map(plain);
  if (isKind(value, "dict")) return new Map([...value.items].map(([k, v]) => [k, plain(v)]));
  return value;
}

describe("plain values", () => {
  // Made with Python 3.11: pickle.dumps([1, -2, 2**40, 2**70, 1.5, "é", True, None, {"a": (1,)}], n); 3 and 5 write as 2 and 4 do
  const VALUES: Readonly<Record<number, string>> = {
    0: "286c70300a49310a61492d320a614c313039393531313632373737364c0a614c313138303539313632303731373431313330333432344c0a6146312e350a6156e90a70310a614930310a614e61286470320a56610a70330a2849310a7470340a73612e",
    1: "5d7100284b014afeffffff4c313039393531313632373737364c0a4c313138303539313632303731373431313330333432344c0a473ff80000000000005802000000c3a971014930310a4e7d71025801000000617103284b0174710473652e",
    2: "80025d7100284b014afeffffff8a060000000000018a09000000000000000040473ff80000000000005802000000c3a97101884e7d710258010000006171034b0185710473652e",
    4: "8004953a000000000000005d94284b014afeffffff8a060000000000018a09000000000000000040473ff80000000000008c02c3a994884e7d948c0161944b01859473652e",
  };
  const value = [1, -2, 2 ** 40, 2n ** 70n, 1.5, "é", true, null, new Map([["a", [1]]])];
  for (const [protocol, hex] of Object.entries(VALUES)) {
    it(`of protocol ${protocol}`, () => {
      expect(plain(read(Buffer.from(hex, "hex").toString("latin1")))).toEqual(value);
    });
  }

  it("of Python 2 and its protocols", () => {
    expect(read("S'it\\'s\\n\\x41'\np0\n.")).toBe("it's\nA");
    expect(read("V\\u20ac \\U0001f600\np0\n.")).toBe("€ 😀");
    expect(read("U\x02\xff\x00.")).toBe("\xff\x00");
    expect(read("L-12345678901234567890L\n.")).toBe(-12345678901234567890n);
    expect(plain(read("(I01\nI00\nF-inf\nFnan\nF1e-05\nl."))).toEqual([
      true,
      false,
      -Infinity,
      NaN,
      1e-5,
    ]);
    const pairs = `](](${text("a")}K\x01e](${text("b")}K\x02ee`;
    expect(plain(read(`\x80\x02ccollections\nOrderedDict\n${pairs}\x85R.`))).toEqual(
      new Map([
        ["a", 1],
        ["b", 2],
      ]),
    );
  });

  it("of numpy, one number at a time", () => {
    const scalar = (code: string, bytes: string) =>
      read(
        `\x80\x02cnumpy.core.multiarray\nscalar\ncnumpy\ndtype\n${text(code)}\x89\x88\x87R` +
          `(K\x03${text("<")}NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tbU${String.fromCharCode(bytes.length)}${bytes}\x86R.`,
      );
    expect(scalar("f8", "\0\0\0\0\0\0\xe0?")).toBe(0.5);
    expect(scalar("f4", "\0\0\0?")).toBe(0.5);
    expect(scalar("i8", "\xfe\xff\xff\xff\xff\xff\xff\xff")).toBe(-2);
    expect(scalar("b1", "\x01")).toBe(true);
  });

  it("keep keys such as __proto__ as keys", () => {
    const found = read(`\x80\x02${dict({ constructor: int(2) })}(${text("__proto__")}${int(1)}u.`);
    expect(plain(found)).toEqual(
      new Map([
        ["constructor", 2],
        ["__proto__", 1],
      ]),
    );
    expect(({} as Record<string, unknown>)["a"]).toBeUndefined();
  });
});

describe("hostile pickles", () => {
  const CASES: Readonly<Record<string, readonly [string, string]>> = {
    "os.system in protocol 0": [
      "cos\nsystem\n(S'echo x'\ntR.",
      "x › byte 0: the file asks to run os.system; nothing was run; save only the weights, as a state_dict or as safetensors, and drop that.",
    ],
    "os.system in protocol 4": [
      "\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x01x\x85R.",
      "x › byte 14: the file asks to run os.system; nothing was run; save only the weights, as a state_dict or as safetensors, and drop that.",
    ],
    "builtins.eval": [
      `\x80\x02c__builtin__\neval\n${text("1+1")}\x85R.`,
      "x › byte 2: the file asks to run __builtin__.eval; nothing was run; save only the weights, as a state_dict or as safetensors, and drop that.",
    ],
    "a name alone, called by nobody": [
      "\x80\x02csubprocess\nPopen\n.",
      "x › byte 2: the file asks to run subprocess.Popen; nothing was run; save only the weights, as a state_dict or as safetensors, and drop that.",
    ],
    "__reduce__ by INST": [
      "(S'id'\nios\nsystem\n.",
      "x › byte 7: the file asks to run os.system; nothing was run; save only the weights, as a state_dict or as safetensors, and drop that.",
    ],
    "__reduce__ by OBJ": [
      "(cos\nsystem\nS'id'\no.",
      "x › byte 1: the file asks to run os.system; nothing was run; save only the weights, as a state_dict or as safetensors, and drop that.",
    ],
    "an object of an allowed class": [
      "\x80\x02ccollections\nOrderedDict\n)\x81.",
      "x › byte 28: the file asks to run collections.OrderedDict; nothing was run; save only the weights, as a state_dict or as safetensors, and drop that.",
    ],
    "a call of a value": [
      "\x80\x02K\x01)R.",
      "x › byte 5: the file asks to run 1; nothing was run; save only the weights, as a state_dict or as safetensors, and drop that.",
    ],
    "a call of a storage class": [
      "\x80\x02ctorch\nFloatStorage\n)R.",
      "x › byte 23: the file asks to run torch.FloatStorage; nothing was run; save only the weights, as a state_dict or as safetensors, and drop that.",
    ],
    "torch's own back door": [
      "\x80\x02ctorch.storage\n_load_from_bytes\nC\x01x\x85R.",
      "x › byte 2: the file asks to run torch.storage._load_from_bytes; nothing was run; save only the weights, as a state_dict or as safetensors, and drop that.",
    ],
    "a registered extension": [
      "\x80\x02\x82\x05.",
      "x › byte 2: the file asks to run a registered extension, 5; nothing was run; save only the weights, as a state_dict or as safetensors, and drop that.",
    ],
    "the state of a number": [
      "\x80\x02K\x01}b.",
      "x › byte 5: the file asks to run __setstate__ of 1; nothing was run; save only the weights, as a state_dict or as safetensors, and drop that.",
    ],
    "a quantized tensor": [
      "\x80\x02ctorch._utils\n_rebuild_qtensor\n)R.",
      "x › byte 2: this is not supported (expected dense tensors of floating-point numbers, found a quantized tensor); save the network's float32 state_dict.",
    ],
    "a name of control characters": [
      "\x80\x02c\u0007\u001b[2J\nx\n.",
      "x › byte 2: the file asks to run \\u0007\\u001b[2J.x; nothing was run; save only the weights, as a state_dict or as safetensors, and drop that.",
    ],
    "a bomb of encodings": [
      `\x80\x02c_codecs\nencode\n${text("x".repeat(17))}${text("latin1")}\x86R.`,
      'x › byte 52: a field has a bad value (expected the bytes of one number, found "xxxxxxxxxxxxxxxxx", "latin1"); save the checkpoint again, as a state_dict.',
    ],
    "a million nested lists": [
      "](".repeat(1_000_001) + ".",
      "x › byte 2 000 000: a limit is exceeded (expected at most 1 000 000 lists, tuples and dictionaries, found more); save the checkpoint again, as a state_dict, or download it again.",
    ],
    "lists in lists in lists": [
      "]".repeat(2000) + "a".repeat(1999) + ".",
      "x › byte 3 999: a limit is exceeded (expected values nested at most 1000 deep, found deeper nesting); save the checkpoint again, as a state_dict, or download it again.",
    ],
    "more containers than allowed": [
      ("(" + "]".repeat(99_999) + "1").repeat(11) + "N.",
      "x › byte 1 000 021: a limit is exceeded (expected at most 1 000 000 lists, tuples and dictionaries, found more); save the checkpoint again, as a state_dict, or download it again.",
    ],
    "a list within itself": [
      "\x80\x02]q\x00h\x00a.",
      "x › byte 8: a field has a bad value (expected values within values, found a value within itself); save the checkpoint again, as a state_dict, or download it again.",
    ],
    "a dictionary within itself": [
      `\x80\x02}q\x00${text("a")}](h\x00es.`,
      "x › byte 17: a field has a bad value (expected values within values, found a value within itself); save the checkpoint again, as a state_dict, or download it again.",
    ],
    "a tuple within itself, by a list": [
      "\x80\x02]q\x00h\x00\x85a.",
      "x › byte 9: a field has a bad value (expected values within values, found a value within itself); save the checkpoint again, as a state_dict, or download it again.",
    ],
    "a key twice": [
      `\x80\x02}(${text("a")}K\x01${text("a")}K\x02u.`,
      'x › byte 20: a name stands twice (expected every key once, found "a"); save the checkpoint again, as a state_dict, or download it again.',
    ],
    "a whole number of 2 GB": [
      "\x80\x02\x8b\xff\xff\xff\x7f.",
      "x › byte 2: a limit is exceeded (expected whole numbers of at most 16 bytes, found 2 147 483 647 bytes); save the checkpoint again, as a state_dict, or download it again.",
    ],
    "a text of 4 GB": [
      "\x80\x02X\xff\xff\xff\xff.",
      "x › byte 2: a limit is exceeded (expected texts of at most 1 048 576 bytes, found 4 294 967 295 bytes); save the checkpoint again, as a state_dict, or download it again.",
    ],
    "a text of 2^63 bytes": [
      "\x80\x04\x8d\0\0\0\0\0\0\0\x80.",
      "x › length: a limit is exceeded (expected below 2^53, found 9223372036854775808); use a smaller file.",
    ],
    "a text longer than the file": [
      `\x80\x02X${uint32(1000)}abc.`,
      "x: the file is cut short (expected at least 1 007 bytes, found 11 bytes); download it again.",
    ],
    "text that is no UTF-8": [
      "\x80\x02X\x02\0\0\0\xc3(.",
      "x › byte 2: a field has a bad value (expected UTF-8 text, found bytes that are not); save the checkpoint again, as a state_dict, or download it again.",
    ],
    "a number of 100 digits": [
      `I${"9".repeat(100)}\n.`,
      "x › byte 0: a field has a bad value (expected a whole number, found 9999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999); save the checkpoint again, as a state_dict, or download it again.",
    ],
    "a memo that was never filled": [
      "\x80\x02h\x07.",
      "x › byte 2: a field has a bad value (expected a remembered value, found none under 7); save the checkpoint again, as a state_dict, or download it again.",
    ],
    "nothing on the stack": [
      "\x80\x020.",
      "x › byte 2: a field has a bad value (expected a value to work on, found none); save the checkpoint again, as a state_dict, or download it again.",
    ],
    "a stack emptied below its mark": [
      "\x80\x02K\x01(0.",
      "x › byte 5: a field has a bad value (expected a value to work on, found none); save the checkpoint again, as a state_dict, or download it again.",
    ],
    "no mark": [
      "\x80\x02K\x01t.",
      "x › byte 4: a field has a bad value (expected a mark, found none); save the checkpoint again, as a state_dict, or download it again.",
    ],
    "an entry of no dictionary": [
      "\x80\x02]K\x01K\x02s.",
      "x › byte 7: a field has a bad value (expected a dictionary and pairs, found a list); save the checkpoint again, as a state_dict, or download it again.",
    ],
    "an item of no list": [
      "\x80\x02)K\x01a.",
      "x › byte 5: a field has a bad value (expected a list, found a tuple); save the checkpoint again, as a state_dict, or download it again.",
    ],
    "two values at the end": [
      "\x80\x02K\x01K\x02.",
      "x › byte 6: a field has a bad value (expected one value at the end, found several); save the checkpoint again, as a state_dict, or download it again.",
    ],
    "an unknown opcode": [
      "\x80\x02\xff.",
      "x › byte 2: a field has a bad value (expected an opcode, found 0xff); save the checkpoint again, as a state_dict, or download it again.",
    ],
    "a buffer outside of the pickle": [
      "\x80\x05\x97.",
      "x › byte 2: a field has a bad value (expected an opcode, found 0x97); save the checkpoint again, as a state_dict, or download it again.",
    ],
    "a future protocol": [
      "\x80\x06N.",
      "x › byte 0: this is not supported (expected pickle protocol 0 to 5, found 6); save the checkpoint again, as a state_dict, or download it again.",
    ],
    "a reference to elsewhere": [
      "\x80\x02K\x01Q.",
      "x › byte 4: a field has a bad value (expected plain values, found a reference to elsewhere); export the file again.",
    ],
    "nothing at all": [
      "",
      "x: the file is cut short (expected at least 1 byte, found 0 bytes); download it again.",
    ],
    "no end": [
      "\x80\x02K\x01",
      "x: the file is cut short (expected at least 5 bytes, found 4 bytes); download it again.",
    ],
    "a line without an end": [
      "\x80\x02cos",
      "x: the file is cut short (expected at least 6 bytes, found 5 bytes); download it again.",
    ],
  };
  for (const [name, [pickle, expected]] of Object.entries(CASES)) {
    it(name, async () => expect(await sentence(pickle)).toBe(expected));
  }

  it("are not walked twice where they share: 2^200 leaves take no time", () => {
    const doubled = Array.from({ length: 200 }, (_, i) => {
      const [last, next] = [String.fromCharCode(i), String.fromCharCode(i + 1)];
      return `h${last}h${last}\x86q${next}0`;
    });
    expect(isKind(read(`\x80\x02]q\x000${doubled.join("")}h\xc8.`), "tuple")).toBe(true);
  });

  it("cannot call what they remember again and again for free", async () => {
    const pairs = Array.from({ length: 999 }, (_, i) => `](${int(i)}Ne`).join("");
    const remembered = `ccollections\nOrderedDict\nq\x010](${pairs}e\x85q\x000`;
    const calls = "h\x01h\x00R0".repeat(20_000);
    expect(await sentence(`\x80\x02${remembered}${calls}N.`)).toMatchInlineSnapshot(
      `"x › byte 68 822: a limit is exceeded (expected at most 10 000 000 steps, found more); save the checkpoint again, as a state_dict, or download it again."`,
    );
  });
});
