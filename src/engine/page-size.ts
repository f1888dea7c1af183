import type { Question } from './questions/question.schema.js';

/** A page that no browser should get and no process should draw; what asks for it says so instead. */
export class PageTooLarge extends Error {}

/** Characters of a page: of its texts as often as they stand there, and of the markup around them. */
const LARGEST = 10_000_000;
/** What stands around an input. */
const INPUT = 200;
/** What the sanitiser takes for a tag, in characters: 25,000 of them are a tenth of a second. */
const TAG = 400;
/** Inputs of a page that is not cut; only surveys from before there were bounds have a question with more. */
const MOST_INPUTS = 10_000;
/** Fields to type into: browsers post each, also the empty ones, and no more are taken. */
const MOST_TYPED = 11_000;

/** Counts what a page takes while it is drawn. */
export class PageSize {
  private spent = 0;
  private typed = 0;

  /** @throws {PageTooLarge} as soon as the page is larger than any may be */
  text(characters: number): void {
    this.spent += characters;
    if (this.spent > LARGEST) throw new PageTooLarge('The page is larger than any may be.');
  }

  /** A text that is sanitised before it is drawn. @throws {PageTooLarge} */
  html(html: string): void {
    this.text(html.length);
    for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', at + 1)) this.text(TAG);
  }

  input(): void {
    this.text(INPUT);
  }

  /** An input whose field is posted in any case. @throws {PageTooLarge} where its answers could not be taken */
  typedInput(): void {
    this.input();
    this.typed += 1;
    if (this.typed > MOST_TYPED) throw new PageTooLarge('The page has more fields than are taken.');
  }
}

function inputsOf(question: Question): number {
  const lines = 'choices' in question ? question.choices.length : 1;
  return question.type === 'matrix' ? lines * question.columns.length : lines;
}

/** How much stands on a page while it is filled with questions. */
export class PageFilling {
  private inputs = 0;

  /** Whether the page has to end before this question: it is full, or holds what the question looks at. */
  endsBefore(question: Question, needed: readonly string[]): boolean {
    return needed.length > 0 || (this.inputs > 0 && this.inputs + inputsOf(question) > MOST_INPUTS);
  }

  add(question: Question): void {
    this.inputs += inputsOf(question);
  }

  begin(): void {
    this.inputs = 0;
  }
}
