import { BadRequestException, UnsupportedMediaTypeException } from '@nestjs/common';
import { parse } from 'node:querystring';
import type { Request } from 'express';
import { Invalid } from '../../errors.js';
import { charsetOf } from './body_headers.js';
import type { Contract } from './contract.js';
import { shapeOf } from './json_shape.js';
import type { MeteredBody } from './metered.js';

/** The fields of a body, and whether some of them may hold what is no text. */
export interface Fields {
  fields: object;
  isSuspect: boolean;
}

/** How a form and JSON write NUL, or half of a pair: most bodies hold neither, and need no look at each value. */
const SUSPECT = { form: /%00|\0/, json: /\\u(?:0000|d[89a-f])/i };

/** Fields of one form, even where JSON may have more values: reading a field takes microseconds when it is written wrongly. */
export const MOST_FORM_FIELDS = 5000;

/** @throws {Invalid} for more fields than the contract names, or than any form has */
export async function formIn(request: Request, body: MeteredBody, contract: Contract): Promise<Fields> {
  const fields = Math.min(contract.fields, MOST_FORM_FIELDS);
  const text = await textIn(request, body);
  let count = 1;
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) {
    count += 1;
    if (count > fields) {
      throw tooMany(fields);
    }
  }
  // Without a prototype a field may be called as it likes.
  return { fields: parse(text, '&', '=', { maxKeys: 0 }), isSuspect: SUSPECT.form.test(text) };
}

/** @throws {Invalid} for JSON of more values or deeper than the contract says, before any of it is made */
export async function jsonIn(request: Request, body: MeteredBody, { fields, depth }: Contract): Promise<Fields> {
  const text = (await textIn(request, body)).trim();
  if (text === '') {
    return { fields: {}, isSuspect: false };
  }
  const shape = shapeOf(text, { values: fields, depth });
  if (shape === 'deep') {
    throw new Invalid(`The body is nested too deeply: ${depth} lists and objects in one another at most.`);
  }
  if (shape === 'many') {
    throw tooMany(fields);
  }
  try {
    if (text.startsWith('{') || text.startsWith('[')) {
      return { fields: JSON.parse(text) as object, isSuspect: SUSPECT.json.test(text) };
    }
  } catch {
    // told below
  }
  throw new BadRequestException('The body is not valid JSON.');
}

/** JSON as its bytes: nothing of it is looked at. */
export async function bytesIn(request: Request, body: MeteredBody): Promise<Fields> {
  return { fields: await utf8In(request, body), isSuspect: false };
}

/** The refusal of a body with more than `fields` fields. */
export function tooMany(fields: number): Invalid {
  return new Invalid(`Too many fields were sent: ${fields.toLocaleString('en')} at most.`);
}

async function textIn(request: Request, body: MeteredBody): Promise<string> {
  return new TextDecoder().decode(await utf8In(request, body));
}

async function utf8In(request: Request, body: MeteredBody): Promise<Buffer> {
  const charset = charsetOf(request) ?? 'utf-8';
  if (!/^(utf-?8|us-ascii)$/.test(charset)) {
    body.destroy();
    throw new UnsupportedMediaTypeException(`Send the body in UTF-8; this one says ${charset.slice(0, 40)}.`);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of body) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
