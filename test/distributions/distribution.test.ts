import { Distribution, type DistributionStatus } from '../../src/ledger/distribution.entity.js';

const NOW = new Date('2026-11-02T08:00:00Z');

function inStatus(status: DistributionStatus, changes: Partial<Distribution> = {}): Distribution {
  return Object.assign(new Distribution(), { id: '1', brandId: '1', status, createdAt: NOW, ...changes });
}

describe('a distribution', () => {
  it('goes from draft by its schedule through planning and sending to done', () => {
    const distribution = inStatus('draft', { sendAt: new Date('2026-11-03T08:00:00Z') });
    distribution.schedule(NOW);
    expect(distribution.status).toBe('scheduled');
    distribution.startPlanning({ count: 3, hour: NOW }, new Date('2026-11-03T08:00:00Z'));
    expect(distribution.linkExpiresAt).toEqual(new Date('2027-01-02T08:00:00Z'));
    distribution.startSending(4, NOW);
    distribution.finish(NOW);
    expect(distribution).toMatchObject({ status: 'done', audienceSize: 4, reserved: 3 });
  });

  it('goes at once when its time is past or none', () => {
    const distribution = inStatus('draft', { sendAt: new Date('2020-01-01T00:00:00Z') });
    distribution.schedule(NOW);
    expect(distribution.sendAt).toEqual(NOW);
  });

  it('is edited before planning only', () => {
    for (const status of [
      'planning',
      'sending',
      'done',
      'held',
      'paused',
      'cancelled',
      'failed',
      'generated',
    ] as const) {
      expect(() => inStatus(status).compose({} as never, NOW)).toThrow('planned already');
    }
    const scheduled = inStatus('scheduled');
    scheduled.compose({ name: 'New' } as never, NOW);
    expect(scheduled).toMatchObject({ status: 'draft', name: 'New' });
  });

  it('goes back to where it was held from', () => {
    for (const status of ['scheduled', 'planning', 'sending'] as const) {
      const distribution = inStatus(status);
      distribution.hold('relay', 'No answer', NOW);
      expect(distribution).toMatchObject({ status: 'held', errorCode: 'CVS05', errorText: 'No answer' });
      distribution.release();
      expect(distribution).toMatchObject({ status, heldReason: null, errorText: null });
    }
  });

  it('is looked at again at growing distances while it is held', () => {
    const distribution = inStatus('sending');
    distribution.hold('relay', 'No answer', NOW);
    expect(distribution.retryAt).toEqual(new Date(NOW.getTime() + 15_000));
    const later = new Date(NOW.getTime() + 600_000);
    distribution.hold('relay', 'No answer', later);
    expect(distribution.retryAt).toEqual(new Date(later.getTime() + 150_000));
    distribution.hold('relay', 'No answer', new Date(NOW.getTime() + 86_400_000));
    expect(distribution.retryAt).toEqual(new Date(NOW.getTime() + 86_400_000 + 300_000));
  });

  it('stays paused by hand when it was held before', () => {
    const distribution = inStatus('sending');
    distribution.hold('relay', 'No answer', NOW);
    distribution.pause(NOW);
    expect(distribution).toMatchObject({ status: 'paused', retryAt: null });
    distribution.resume(NOW);
    expect(distribution.status).toBe('sending');
  });

  it('refuses what does not fit its status', () => {
    expect(() => inStatus('done').pause(NOW)).toThrow('Only a distribution that is being sent');
    expect(() => inStatus('draft').resume(NOW)).toThrow('not paused');
    expect(() => inStatus('done').cancel(NOW)).toThrow('nothing left to cancel');
    expect(() => inStatus('draft').finish(NOW)).toThrow('not being sent');
    expect(() => inStatus('failed', { plannedAt: NOW }).reopen(NOW)).toThrow('failed before it was planned');
  });

  it('is cancelled when it is deleted on its way, and only hidden when it is over', () => {
    const sending = inStatus('sending');
    sending.remove(NOW);
    expect(sending).toMatchObject({ status: 'cancelled', deletedAt: NOW });
    const done = inStatus('done');
    done.remove(NOW);
    expect(done).toMatchObject({ status: 'done', deletedAt: NOW });
  });
});
