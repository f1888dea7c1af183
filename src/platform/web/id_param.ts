import { Injectable, Param, type PipeTransform, type Type } from '@nestjs/common';
import { type IdPrefix, Ids } from '../ids.js';

const pipes = new Map<IdPrefix, Type<PipeTransform<string, string>>>();

/**
 * The number of the row that a path names: `@Id('CG', 'list') listId: string` for `lists/:list`.
 * @throws {NotFound} where the text is no id of this kind
 */
export function Id(prefix: IdPrefix, name = 'id'): ParameterDecorator {
  return Param(name, pipeFor(prefix));
}

function pipeFor(prefix: IdPrefix): Type<PipeTransform<string, string>> {
  const known = pipes.get(prefix) ?? pipeOf(prefix);
  pipes.set(prefix, known);
  return known;
}

function pipeOf(prefix: IdPrefix): Type<PipeTransform<string, string>> {
  @Injectable()
  class ShownId implements PipeTransform<string, string> {
    constructor(private readonly ids: Ids) {}

    transform(shown: string): string {
      return this.ids.read(prefix, shown);
    }
  }
  return ShownId;
}
