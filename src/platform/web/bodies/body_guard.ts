import {
  type CanActivate,
  type ExecutionContext,
  HttpException,
  Injectable,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import { rm } from 'node:fs/promises';
import type { Request, Response } from 'express';
import { Config } from '../../config.js';
import { Invalid, NotAllowed } from '../../errors.js';
import { mustBeText } from '../clean_input.js';
import { API_PATH } from '../paths.js';
import { declaredBytes, hasBody, kindOf } from './body_headers.js';
import { type BodyKind, type Contract, contractOf, type Handler, KB, MB } from './contract.js';
import { InFlight } from './in_flight.js';
import { MeteredBody, type Terms, tooLarge } from './metered.js';
import { partsIn } from './multipart.js';
import { bytesIn, formIn, jsonIn } from './texts.js';

/** Bytes of a body that is made into values at once, even where a file may be larger. */
const TEXT_BYTES = 2 * MB;

/** Bytes a second that a file on its way has to keep: half a megabit. */
export const UPLOAD_PACE = 64 * KB;

const cutOff = new WeakSet<Request>();
const expectant = new WeakSet<object>();

/** Whether the request's file was larger than its route takes, and was not kept. */
export function isCutOff(request: Request): boolean {
  return cutOff.has(request);
}

/** Marks a request whose client waits for `100 Continue` before it sends its body (RFC 9110 §10.1.1). */
export function waitsForContinue(request: object): void {
  expectant.add(request);
}

/**
 * Reads bodies. It stands behind the guard that knows who may, so nothing is read for whoever may not; and before all
 * that is the route's own, which finds `request.body` and `request.file` made.
 */
@Injectable()
export class BodyGuard implements CanActivate {
  constructor(
    private readonly config: Config,
    private readonly inFlight: InFlight,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    const contract = contractOf(context.getClass(), context.getHandler() as Handler);
    mustBeOurs(request, contract.file !== undefined);
    const isSuspect = contract.kinds.length > 0 && hasBody(request) && (await this.take(request, response, contract));
    try {
      mustBeOurs(request, true);
      if (isSuspect) {
        mustBeText(request);
      }
    } catch (error) {
      await forget(request);
      throw error;
    }
    return true;
  }

  /** As `read`; what the client did wrong is overlooked where the route says so. */
  private async take(request: Request, response: Response, contract: Contract): Promise<boolean> {
    try {
      return await this.read(request, response, contract);
    } catch (error) {
      if (contract.isReadAtWill !== true || !isOfClient(error)) {
        throw error;
      }
      request.body = undefined;
      return false;
    }
  }

  /** @returns whether fields may hold what is no text */
  private async read(request: Request, response: Response, contract: Contract): Promise<boolean> {
    const kind = mustBeKind(request, contract);
    const terms = this.termsOf(request, response, contract);
    if (declaredBytes(request) > terms.bytes) {
      if (contract.file?.isToldBySelf !== true) {
        throw tooLarge(terms.bytes);
      }
      cutOff.add(request);
      return false;
    }
    if (expectant.has(request)) {
      response.writeContinue();
    }
    const body = new MeteredBody(request, terms);
    if (kind === 'multipart') {
      const { fields, file, isCutOff: wasCutOff } = await partsIn(body, response, [contract, this.config]);
      Object.assign(request, { body: fields, file });
      if (wasCutOff) {
        cutOff.add(request);
      }
      return true;
    }
    const read = kind === 'form' ? formIn : contract.isJsonRaw === true ? bytesIn : jsonIn;
    const { fields, isSuspect } = await read(request, body, contract);
    request.body = fields;
    return isSuspect;
  }

  private termsOf(request: Request, response: Response, { bytes, file, isJsonRaw }: Contract): Terms {
    const kind = kindOf(request);
    const isFile = kind === 'multipart' || (kind === 'json' && isJsonRaw === true);
    return {
      bytes: isFile ? bytes : Math.min(bytes, TEXT_BYTES),
      ms: this.config.BODY_SECONDS * 1000,
      ...(file === undefined ? {} : { pace: UPLOAD_PACE }),
      room: this.inFlight.roomFor(request, response, file?.folder === undefined ? 'memory' : 'disk'),
    };
  }
}

/** @throws {NotAllowed} for another site's form; where `isLast`, for one that has not shown its token, too */
function mustBeOurs(request: Request, isLast: boolean): void {
  const proof = request.formProof?.() ?? 'ours';
  if (proof === 'unproven' && isLast && request.headers.cookie === undefined) {
    throw new NotAllowed(
      'Your browser sent no cookie, and this form needs one: allow cookies for this site, reload the page and send it again.',
    );
  }
  if (proof === 'foreign' || (proof === 'unproven' && isLast)) {
    throw new NotAllowed('This form is too old or came from another site. Go back, reload the page and send it again.');
  }
}

const NAMES: Record<BodyKind, string> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  multipart: 'multipart/form-data',
};

/** @throws for a body that is not read here: it would count as none, and the refusal would name the wrong thing */
function mustBeKind(request: Request, { kinds }: Contract): BodyKind {
  const encoding = request.get('Content-Encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity') {
    throw new UnsupportedMediaTypeException('Send the body as it is: compressed ones (Content-Encoding) are not read.');
  }
  const kind = kindOf(request);
  if (kind === undefined || !kinds.includes(kind)) {
    const sent = (request.get('Content-Type') ?? 'nothing').slice(0, 100);
    const asked = API_PATH.test(request.originalUrl) ? 'call' : 'request';
    throw new UnsupportedMediaTypeException(
      `Send the body as Content-Type: ${NAMES[kinds[0]!]}; this ${asked} says ${sent}.`,
    );
  }
  return kind;
}

/** Whether it was refused for how it was written, not for want of room. */
function isOfClient(error: unknown): boolean {
  return error instanceof Invalid || (error instanceof HttpException && error.getStatus() < 500);
}

/** Takes a file from the disk again whose request is refused. */
async function forget({ file }: Request): Promise<void> {
  if (file?.path !== undefined) {
    await rm(file.path, { force: true });
  }
}
