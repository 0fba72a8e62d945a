import { describe, expect, it } from 'vitest';
import type { CandidateView } from '../wallet/bindings/CandidateView';
import { HELD } from '../wallet/fake-data';
import { requestOf } from '../wallet/fake-requests';
import { Answer, differs, nothingAnswers } from './answer.svelte';

const ask = (name: Parameters<typeof requestOf>[0]) => requestOf(name, HELD, 'en');

describe('answer', () => {
  it('gives what must be given and nothing optional beforehand', () => {
    const answer = new Answer(ask('a'));
    expect(answer.count).toBe(3);
    expect(answer.choices()).toEqual({
      documents: { age: 'age', nhs: 'nhs' },
      add: [],
      despite_warnings: false,
    });
  });

  it('counts and names what the person adds, and takes it out again', () => {
    const answer = new Answer(ask('a'));
    answer.add('phone', true);
    expect(answer.count).toBe(4);
    expect(answer.labels).toContain('Mobile number');
    expect(answer.choices().add).toEqual(['phone']);
    expect(answer.choices().documents['phone']).toBe('nhs');
    answer.add('phone', false);
    expect(answer.count).toBe(3);
  });

  it('chooses no document where two say different things', () => {
    const answer = new Answer(ask('choose'));
    expect(answer.undecided.map((one) => one.query)).toEqual(['name']);
    answer.documents['name'] = 'passport';
    expect(answer.undecided).toEqual([]);
    expect(answer.choices().documents).toEqual({ name: 'passport' });
  });

  it('proposes the first document where all say the same', () => {
    const request = ask('a');
    const [age] = request.asks;
    const [first] = age?.candidates ?? [];
    if (!age || !first) throw new Error('the practice request asks for an age');
    const second: CandidateView = { ...first, document: 'other' };
    age.candidates = [first, second];
    expect(differs(age)).toBe(false);
    expect(new Answer(request).choices().documents['age']).toBe(first.document);
  });

  it('says what no document answers', () => {
    expect(nothingAnswers(ask('none'))).toBe(true);
    expect(nothingAnswers(ask('a'))).toBe(false);
    expect(nothingAnswers(ask('d'))).toBe(false);
  });
});
