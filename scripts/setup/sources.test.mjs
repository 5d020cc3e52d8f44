/**
 * @file Downloading from an address, with a server that misbehaves.
 */

import { describe, expect, it } from "vitest";
import { toFailure } from "./failure.mjs";
import { fromUrl } from "./sources.mjs";

const URL_OF_MIRROR = "https://mirror.example/cifar.tar.gz";

/** @param {AsyncIterable<Uint8Array>} stream */
async function readAll(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe("fromUrl", () => {
  it("passes the bytes on and counts them", async () => {
    /** @type {[number, number][]} */
    const counts = [];
    const answer = async () => new Response("abcdef", { headers: { "content-length": "6" } });
    const source = fromUrl(URL_OF_MIRROR, answer);
    const stream = await source.open("", (done, total) => void counts.push([done, total]));
    expect(await readAll(stream)).toBe("abcdef");
    expect(counts.at(-1)).toEqual([6, 6]);
    expect(source.name).toBe("mirror.example");
  });

  it("says what the server answered instead", async () => {
    const source = fromUrl(URL_OF_MIRROR, async () => new Response("", { status: 503 }));
    await expect(source.open("", () => {})).rejects.toThrow("mirror.example answered 503");
  });

  it("lets a broken connection be recognised", async () => {
    const reset = Object.assign(new Error("reset"), { code: "ECONNRESET" });
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(3));
      },
      pull(controller) {
        controller.error(new TypeError("terminated", { cause: reset }));
      },
    });
    const stream = await fromUrl(URL_OF_MIRROR, async () => new Response(body)).open("", () => {});
    const error = await readAll(stream).catch((thrown) => thrown);
    expect(toFailure(error, { doing: "x", retry: "y" })).toMatchObject({ kind: "network" });
  });
});
