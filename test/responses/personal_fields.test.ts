import { embeddedOfNobody, fieldsOfPeople } from '../../src/responses/personal_fields.js';
import { exampleDefinition } from '../../src/engine/definition.js';
import type { DeclaredField, FlowNode, SurveyDefinition } from '../../src/engine/definition.js';
import { startWalk } from '../../src/engine/walk.js';

const fields = (...declared: DeclaredField[]): FlowNode => ({ kind: 'embedded', fields: declared });
const isSales: Extract<FlowNode, { kind: 'branch' }>['when'] = {
  kind: 'test',
  operand: { kind: 'embedded', name: 'Team' },
  operator: 'equal',
  value: 'Sales',
};

function surveyWith(...nodes: FlowNode[]): SurveyDefinition {
  const definition = exampleDefinition();
  return { ...definition, flow: [...nodes, ...definition.flow] };
}

describe('the embedded data that come from people', () => {
  it('are those without a value, and whatever is made of them or of the contact', () => {
    const definition = surveyWith(
      fields(
        { name: 'Later', value: 'x ${e://Field/Copy}' },
        { name: 'Copy', value: '${e://Field/Team}' },
        { name: 'Team' },
        { name: 'Greeting', value: 'Hello ${m://FirstName}' },
        { name: 'Wave', value: 'two' },
        { name: 'Again', value: 'wave ${e://Field/Wave}' },
        { name: 'Mood', value: '${q://QID1/ChoiceGroup/SelectedChoices}' },
      ),
    );
    expect([...fieldsOfPeople(definition)].sort()).toEqual(['Copy', 'Greeting', 'Later', 'Team']);
  });

  it('are also what is worked out of a field, or of one that the flow never names', () => {
    const definition = surveyWith(
      fields({ name: 'Next', value: '$e{ e://Field/Age + 1 }' }, { name: 'Desk', value: '${e://Field/Room}' }),
    );
    expect([...fieldsOfPeople(definition)].sort()).toEqual(['Desk', 'Next']);
  });

  it('are also what a person is sorted by, whichever way the branch goes', () => {
    const definition = surveyWith(
      fields({ name: 'Team' }, { name: 'Kind', value: 'office' }),
      { kind: 'branch', when: isSales, children: [fields({ name: 'Kind', value: 'field' })] },
      fields({ name: 'Copy', value: '${e://Field/Kind}' }),
    );
    expect([...fieldsOfPeople(definition)].sort()).toEqual(['Copy', 'Kind', 'Team']);
  });
});

describe('the embedded data of an anonymous walk', () => {
  const of = (definition: SurveyDefinition, embedded: Record<string, string>, hasLink = true) =>
    embeddedOfNobody(
      definition,
      startWalk(definition, {
        seed: 1,
        now: Date.parse('2026-11-23T09:41:07Z'),
        language: 'de',
        contact: { FirstName: 'Grace' },
        embedded,
      }),
      hasLink,
    );

  it('do not tell of anybody which way a branch went by what is known of them', () => {
    const definition = surveyWith(
      fields({ name: 'Team' }, { name: 'Kind', value: 'office' }, { name: 'Wave', value: 'two' }),
      { kind: 'branch', when: isSales, children: [fields({ name: 'Kind', value: 'field' })] },
    );
    expect([of(definition, { Team: 'Sales' }), of(definition, { Team: 'Legal' }), of(definition, {})]).toEqual([
      { Wave: 'two' },
      { Wave: 'two' },
      { Wave: 'two' },
    ]);
  });

  it('say times by the hour, in the language of the survey', () => {
    const definition = surveyWith(
      fields({ name: 'Began', value: '${date://CurrentTime/ST} ${date://CurrentDate/j F}' }, { name: 'Source' }),
    );
    expect(of(definition, { Source: 'poster' })).toEqual({ Began: '9:00 AM 23 November' });
    expect(of(definition, { Source: 'poster' }, false)).toEqual({ Began: '9:00 AM 23 November', Source: 'poster' });
  });
});
