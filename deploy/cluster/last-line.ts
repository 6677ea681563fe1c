// Why a process ended, as its log has it.
import { readFile } from 'node:fs/promises';

/** Empty when there is no such file. */
export async function lastLine(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trim().split('\n').at(-1) ?? '';
}
