/** A survey file as it stands, read without any code of the importer. */
export type Json = Record<string, unknown>;

export const json = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
export const list = (value: unknown): [string, Json][] =>
  Object.entries(json(value)).map(([key, one]) => [key, json(one)]);
export const str = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
export const isYes = (value: unknown): boolean => /^(?:true|1|on|yes)$/i.test(str(value));

/** Words alone, for comparing texts whose markup was cleaned. */
export function wordsOf(html: unknown): string {
  return str(html)
    .replaceAll(/<!--.*?-->|<(script|style|svg|iframe|select|textarea|title|noscript)\b.*?<\/\1>/gis, ' ')
    .replaceAll(/<[^<>]*>/g, ' ')
    .replaceAll(/&[#\w]+;/g, ' ')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

export class RawFile {
  private readonly elements: Json[];

  constructor(text: string) {
    const file = json(JSON.parse(text.replace(/^\uFEFF/, '')));
    this.elements = list(file['SurveyElements']).map(([, element]) => element);
  }

  kinds(): string[] {
    return this.elements.map((element) => str(element['Element']));
  }

  payloads(kind: string): Json[] {
    return this.elements.filter((element) => element['Element'] === kind).map((element) => json(element['Payload']));
  }

  get options(): Json {
    return this.payloads('SO').at(-1) ?? {};
  }

  get flow(): Json {
    return this.payloads('FL').at(-1) ?? {};
  }

  /** Blocks by id, without the waste bin; one with everything where there is none. */
  get blocks(): Map<string, Json> {
    const all = list(this.payloads('BL').at(-1)).filter(([, block]) => block['Type'] !== 'Trash');
    return new Map(all.map(([key, block]) => [str(block['ID']) || `BL_${key}`, block]));
  }

  /** Questions that some block shows. */
  get questions(): Map<string, Json> {
    const all = this.payloads('SQ').map((one) => [str(one['QuestionID']), one] as const);
    if (this.blocks.size === 0) return new Map(all.filter(([id]) => id !== ''));
    const shown = new Set(
      [...this.blocks.values()].flatMap((block) => itemsOf(block).map((item) => str(item['QuestionID']))),
    );
    return new Map(all.filter(([id]) => id !== '' && shown.has(id)));
  }
}

export function itemsOf(block: Json): Json[] {
  return list(block['BlockElements']).map(([, item]) => item);
}

/** All elements of the flow, from the outside in. */
export function flowNodes(node: Json): Json[] {
  return list(node['Flow']).flatMap(([, child]) => [child, ...flowNodes(child)]);
}
