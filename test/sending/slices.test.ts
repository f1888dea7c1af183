import { Slices } from '../../src/sending/slices.js';

describe('time to send', () => {
  let now = 0;
  let slices: Slices;
  const turn = (brandId: string, distributionId: string): number => slices.sliceFor({ brandId, distributionId }).ms;
  beforeEach(() => {
    now = 1_000_000;
    slices = new Slices(() => now);
  });

  it('is long for somebody alone', () => {
    expect(turn('1', '1')).toBe(3000);
    expect(slices.sliceFor({ brandId: '1', distributionId: '1' }).batch).toBe(100);
  });

  it('is shared between brands, whatever number of distributions each has', () => {
    for (let id = 0; id < 100; id += 1) {
      turn('1', String(id));
    }
    const busy = turn('1', '0');
    const small = turn('2', '500');
    expect(small).toBe(3000);
    expect(busy).toBe(250);
  });

  it('gets longer again when others are done', () => {
    for (let id = 0; id < 40; id += 1) {
      turn('1', String(id));
    }
    expect(turn('1', '0')).toBe(300);
    now += 31_000;
    expect(turn('1', '0')).toBe(3000);
  });
});
