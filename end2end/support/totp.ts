// What an authenticator app does: codes from a key in base 32 (RFC 6238: SHA-1, six digits, 30 seconds).
import { createHmac } from "node:crypto";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const STEP_SECONDS = 30;

function bytes(key: string): Buffer {
  const bits = [...key].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((octet) => Number.parseInt(octet, 2)));
}

/** The code of now, or of so many steps later: a server takes each code once, and the next one early. */
export function code(key: string, later = 0): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / STEP_SECONDS) + later));
  const hash = createHmac("sha1", bytes(key)).update(counter).digest();
  const number = hash.readUInt32BE(hash[hash.length - 1] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}
