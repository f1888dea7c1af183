import { BadRequestException, PayloadTooLargeException } from '@nestjs/common';
import type { Request, RequestHandler, Response } from 'express';
import multer from 'multer';
import type { Config } from '../../config.js';
import { Invalid } from '../../errors.js';
import { foreignWords } from '../../foreign/foreign_words.js';
import type { Contract } from './contract.js';
import { type MeteredBody, tooLarge } from './metered.js';
import { PrivateUploads } from './private_uploads.js';
import { tooMany } from './texts.js';

/** Bytes of one field that is no file. */
const FIELD_BYTES = 2_000_000;
/** Characters of a file's name. */
const FILE_NAME = 200;

type Sent = MeteredBody & { body?: object; file?: Express.Multer.File };

/** What a multipart form holds. */
export interface Parts {
  fields: object;
  file: Express.Multer.File | undefined;
  /** The file was larger than the contract says, and was not kept. */
  isCutOff: boolean;
}

const readers = new WeakMap<Contract, RequestHandler>();

/** Reads the fields of a multipart form (RFC 7578), and the file where the contract takes one. */
export async function partsIn(body: MeteredBody, response: Response, words: [Contract, Config]): Promise<Parts> {
  const [contract, config] = words;
  const sent: Sent = body;
  const read = readerOf(contract, config);
  try {
    await new Promise<void>((done, fail) => {
      read(sent as unknown as Request, response, (error?: unknown) => {
        if (error === undefined) {
          done();
        } else {
          fail(error);
        }
      });
    });
  } catch (error) {
    body.destroy();
    const isCutOff =
      (error as { code?: string }).code === 'LIMIT_FILE_SIZE' || error instanceof PayloadTooLargeException;
    if (isCutOff && contract.file?.isToldBySelf === true) {
      return { fields: {}, file: undefined, isCutOff: true };
    }
    throw refusalOf(error, contract);
  }
  return { fields: { ...sent.body }, file: sent.file && named(sent.file), isCutOff: false };
}

/** Its name is shown to others; what nobody sees in it turns no line of theirs. */
function named(file: Express.Multer.File): Express.Multer.File {
  return Object.assign(file, { originalname: foreignWords(file.originalname, FILE_NAME) });
}

function readerOf(contract: Contract, config: Config): RequestHandler {
  const { file, fields, bytes } = contract;
  let reader = readers.get(contract);
  if (reader === undefined) {
    const options = {
      storage: file?.folder === undefined ? multer.memoryStorage() : new PrivateUploads(file.folder(config)),
      limits: {
        fileSize: file?.bytes ?? 0,
        files: file === undefined ? 0 : 1,
        fields,
        fieldSize: Math.min(bytes, FIELD_BYTES),
        fieldNameSize: 200,
        fieldNestingDepth: 0,
        parts: fields + 1,
        headerPairs: 20,
      },
      defParamCharset: 'utf8',
      streamHandler,
    };
    reader = file === undefined ? multer(options).none() : multer(options).single('file');
    readers.set(contract, reader);
  }
  return reader;
}

/** The reader takes off all that still comes before it says what is wrong; here it has nothing to wait for. */
function streamHandler(body: MeteredBody, reader: NodeJS.WritableStream): void {
  reader.once('unpipe', () => body.destroy());
  body.pipe(reader);
}

function refusalOf(error: unknown, { fields, file, bytes }: Contract): unknown {
  const noSuchFile = file === undefined ? 'No file is taken here.' : 'Send one file, in the field “file”.';
  const refusals: Record<string, () => Error> = {
    LIMIT_FILE_SIZE: () => tooLarge(file?.bytes ?? bytes),
    LIMIT_FIELD_VALUE: () => tooLarge(Math.min(bytes, FIELD_BYTES)),
    LIMIT_FIELD_COUNT: () => tooMany(fields),
    LIMIT_PART_COUNT: () => tooMany(fields),
    LIMIT_FILE_COUNT: () => new Invalid(noSuchFile),
    LIMIT_UNEXPECTED_FILE: () => new Invalid(noSuchFile),
  };
  const refusal = refusals[String((error as { code?: unknown }).code)];
  if (refusal !== undefined) {
    return refusal();
  }
  return isOfForm(error) ? new BadRequestException('The multipart form is not complete or not well-formed.') : error;
}

/** What the reader of forms says itself, by its class or in its words; a full disk is something else. */
function isOfForm(error: unknown): boolean {
  return (
    error instanceof multer.MulterError ||
    (error instanceof Error &&
      /^(Malformed|Unexpected end|Multipart:|Boundary|Unsupported|Missing)/.test(error.message))
  );
}
