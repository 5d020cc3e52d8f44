import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { LIMITS } from "./limits.ts";
import { checkJson, parseJson } from "./json.ts";

const parse = (text: string): unknown => parseJson(new TextEncoder().encode(text), "x.json");
const code = (text: string): string => {
  try {
    parse(text);
    return "accepted";
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("parseJson", () => {
  it("reads JSON, and keys that mean something to JavaScript as plain keys", () => {
    expect(parse('{"a":[1,{"b":"}\\"]"}],"c":{}}')).toEqual({ a: [1, { b: '}"]' }], c: {} });
    const odd = parse('{"__proto__":{"polluted":1}}');
    expect(Object.keys(odd as object)).toEqual(["__proto__"]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("stops at the depth limit, just over and not just under", () => {
    const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
    expect(code(nested(LIMITS.jsonDepth))).toBe("accepted");
    expect(code(nested(LIMITS.jsonDepth + 1))).toBe("files/over-limit");
  });

  it("refuses what is not JSON, cut short, doubled or not UTF-8", () => {
    expect(code("{'a':1}")).toBe("files/bad-json");
    expect(code('{"a":1}}')).toBe("files/bad-json");
    expect(code('{"a":1]')).toBe("files/bad-json");
    expect(code('{"a":NaN}')).toBe("files/bad-json");
    expect(code("")).toBe("files/bad-json");
    expect(code('{"a":1')).toBe("files/truncated");
    expect(code('{"a":"1')).toBe("files/truncated");
    expect(code('{"a":1,"a":2}')).toBe("files/duplicate-name");
    expect(code('{"a":1,"\\u0061":2}')).toBe("files/duplicate-name");
    expect(code('{"a":"a","b":{"a":1},"c":["a","a"]}')).toBe("accepted");
    expect(() => parseJson(Uint8Array.of(0x7b, 0xff, 0x7d), "x")).toThrow(
      expect.objectContaining({ code: "files/bad-json", expected: "UTF-8 text" }),
    );
  });
});

describe("checkJson", () => {
  it("names the field from the outside in", () => {
    const schema = v.object({ a: v.array(v.object({ b: v.number() })) });
    expect(() => checkJson(schema, { a: [{ b: 1 }, {}] }, "x.json")).toThrow(
      expect.objectContaining({
        code: "files/bad-field",
        where: "x.json › a › 1 › b",
        expected: '"b"',
        found: "nothing",
      }),
    );
    expect(checkJson(schema, { a: [] }, "x.json")).toEqual({ a: [] });
  });
});
