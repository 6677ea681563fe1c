// Seals what the processes tell each other, so that whoever reads or writes in Redis learns nothing and forges nothing.
import { compactDecrypt, CompactEncrypt } from 'jose';

export interface Seal {
  /** The text, sealed: JWE in its compact form, with `dir` and `A256GCM`. */
  seal(text: string): Promise<string>;
  /** The text that one of us sealed. Rejects for anything else. */
  unseal(sealed: string): Promise<string>;
}

const HEADER = { alg: 'dir', enc: 'A256GCM' } as const;
const ALLOWED = { keyManagementAlgorithms: [HEADER.alg], contentEncryptionAlgorithms: [HEADER.enc] };

/** @param secret 32 bytes, used for nothing else */
export async function createSeal(secret: Buffer): Promise<Seal> {
  // As a key and not as bytes, which would be made a key of for each message.
  const key = await crypto.subtle.importKey('raw', new Uint8Array(secret), 'AES-GCM', false, ['encrypt', 'decrypt']);
  return {
    seal: (text) => new CompactEncrypt(new TextEncoder().encode(text)).setProtectedHeader(HEADER).encrypt(key),
    unseal: async (sealed) => new TextDecoder().decode((await compactDecrypt(sealed, key, ALLOWED)).plaintext),
  };
}
