import { describe, expect, it } from 'vitest';
import type { CandidateView } from '../wallet/bindings/CandidateView';
import { HELD } from '../wallet/fake-data';
import { requestOf } from '../wallet/fake-requests';
import { Answer, detailsOf, differs, nothingAnswers } from './answer.svelte';
import { optionsOf } from './options';

const ask = (name: Parameters<typeof requestOf>[0]) => requestOf(name, HELD, 'en');

describe('answer', () => {
  it('gives what must be given and nothing optional beforehand', () => {
    const answer = new Answer(ask('a'));
    expect(answer.count).toBe(3);
    expect(answer.choices()).toEqual({
      documents: { age: ['age'], nhs: ['nhs'] },
      details: {},
      options: {},
      add: [],
      despite_warnings: false,
    });
  });

  it('counts and names what the person adds, and takes it out again', () => {
    const answer = new Answer(ask('a'));
    const [phone] = answer.free;
    if (!phone) throw new Error('a mobile number may be added');
    answer.choose(phone, 0);
    expect(answer.count).toBe(4);
    expect(answer.labels).toContain('Mobile number');
    expect(answer.choices().options).toEqual({ [phone.at]: 0 });
    expect(answer.choices().documents['phone']).toEqual(['nhs']);
    answer.choose(phone, null);
    expect(answer.count).toBe(3);
    expect(answer.choices().options).toEqual({});
  });

  it('chooses no document where two say different things', () => {
    const answer = new Answer(ask('choose'));
    expect(answer.undecided.map((one) => one.query)).toEqual(['name']);
    answer.documents['name'] = 'passport';
    expect(answer.undecided).toEqual([]);
    expect(answer.choices().documents).toEqual({ name: ['passport'] });
  });

  it('proposes the first document where all say the same', () => {
    const request = ask('a');
    const [age] = request.asks;
    const [first] = age?.candidates ?? [];
    if (!age || !first) throw new Error('the practice request asks for an age');
    const second: CandidateView = { ...first, document: 'other' };
    age.candidates = [first, second];
    expect(differs(age)).toBe(false);
    expect(new Answer(request).choices().documents['age']).toEqual([first.document]);
  });

  it('answers with one of the parts that stand for each other, the one proposed beforehand', () => {
    const answer = new Answer(ask('any'));
    const [needed] = answer.needed;
    if (!needed) throw new Error('one set must be answered');
    expect(answer.choices()).toMatchObject({ documents: { age: ['age'] }, options: {} });
    expect(answer.count).toBe(2);
    answer.choose(needed, 2);
    expect(answer.choices()).toMatchObject({
      documents: { licence: ['licence'], nhs: ['nhs'] },
      options: { [needed.at]: 2 },
    });
    expect(answer.count).toBe(5);
    expect(optionsOf(answer, needed).map(({ value }) => value)).toEqual(['0', '1', '2']);
  });

  it('adds one of several, or none of them', () => {
    const answer = new Answer(ask('any'));
    const [free] = answer.free;
    if (!free) throw new Error('one set may be added');
    expect(answer.option(free)).toBeNull();
    answer.choose(free, 1);
    expect(answer.labels).toContain('Postcode');
    expect(answer.labels).not.toContain('Mobile number');
    expect(Object.keys(answer.choices().documents)).toEqual(['age', 'postcode']);
  });

  it('takes the details the service would rather have, until the person takes fewer', () => {
    const answer = new Answer(ask('details'));
    const [licence] = answer.required;
    if (!licence) throw new Error('one part must be answered');
    expect(answer.choices().details).toEqual({ licence: 0 });
    expect(answer.count).toBe(3);
    expect(detailsOf(licence, 'licence').map(({ claim_set }) => claim_set)).toEqual([2, 0]);
    answer.details['licence'] = 2;
    expect(answer.choices().details).toEqual({ licence: 2 });
    expect(answer.labels).toEqual(['18 or over']);
  });

  it('shows several documents only where the person adds them', () => {
    const answer = new Answer(ask('several'));
    const [name] = answer.required;
    if (!name) throw new Error('one part must be answered');
    expect(answer.undecided).toEqual([name]);
    answer.documents['name'] = 'licence';
    expect(answer.choices().documents).toEqual({ name: ['licence'] });
    answer.show(name, 'passport', true);
    expect(answer.choices().documents).toEqual({ name: ['licence', 'passport'] });
    expect(answer.count).toBe(4);
    answer.show(name, 'passport', false);
    expect(answer.count).toBe(2);
  });

  it('says what no document answers', () => {
    expect(nothingAnswers(ask('none'))).toBe(true);
    expect(nothingAnswers(ask('a'))).toBe(false);
    expect(nothingAnswers(ask('d'))).toBe(false);
  });
});
