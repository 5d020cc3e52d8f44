/** @file How arguments are read, and what is refused. */
import { describe, expect, it } from "vitest";
import { explain, type AppError } from "../core/index.ts";
import { readArgs, toNumber, type Usage } from "./args.ts";

const USAGE: Usage = {
  positionals: ["MODEL"],
  options: {
    ratio: { value: "P", help: "" },
    batch: { value: "B", help: "" },
    out: { value: "OUT", short: "o", help: "" },
    json: { help: "" },
    help: { short: "h", help: "" },
  },
};

const read = (...argv: string[]) => readArgs(argv, USAGE);
const refusal = (...argv: string[]): string => {
  try {
    read(...argv);
  } catch (error) {
    return explain(error as AppError);
  }
  throw new Error("was accepted");
};

describe("readArgs", () => {
  it("takes flags in any place and form, and negative numbers as values", () => {
    const args = read("--ratio", "-1", "net", "-oout dir", "--json", "--batch=3");
    expect(args.at(0)).toBe("net");
    expect(args.text("ratio")).toBe("-1");
    expect(args.text("out")).toBe("out dir");
    expect(args.has("json")).toBe(true);
    expect(args.whole("batch", 1)).toBe(3);
    expect(args.text("nothing")).toBeUndefined();
  });

  it("names what is wrong", () => {
    expect(refusal("net", "--ratoi", "1")).toContain("did you mean --ratio");
    expect(refusal("net", "--frobnicate")).toMatch(/^--frobnicate: .*unknown flag/);
    expect(refusal("net", "--ratio")).toMatch(/^--ratio: .*expected P, found nothing/);
    expect(refusal("net", "--ratio", "--json")).toMatch(/^--ratio: .*found --json/);
    expect(refusal("net", "--json=yes")).toMatch(/^--json: .*no value/);
    expect(refusal()).toMatch(/^MODEL: /);
    expect(refusal("net", "other")).toMatch(/^other: /);
    expect(refusal("net", "--constructor")).toMatch(/^--constructor: .*unknown flag/);
  });

  it("asks for no MODEL when help is wanted", () => {
    expect(read("-h").has("help")).toBe(true);
  });

  it("refuses values that are no whole numbers", () => {
    for (const value of ["0", "1.5", "x", "", "1e99"]) {
      expect(() => read("net", `--batch=${value}`).whole("batch", 1)).toThrow("cli/bad-argument");
    }
  });
});

describe("toNumber", () => {
  it("reads what people write, and nothing else", () => {
    expect([".5", "1e-4", "-1", " 2 "].map(toNumber)).toEqual([0.5, 1e-4, -1, 2]);
    for (const text of ["", "0x10", "1,5", "NaN", "Infinity", "5%"])
      expect(toNumber(text)).toBeNaN();
  });
});
