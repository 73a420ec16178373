import { describe, expect, it } from 'vitest';
import { closeCodes, reconnectPolicy } from './close-codes.ts';

describe('close codes', () => {
  it('are those of the protocol', () => {
    expect(closeCodes).toEqual({
      normal: 1000,
      goingAway: 1001,
      tooBig: 1009,
      badIdentity: 4001,
      forbidden: 4003,
      replaced: 4009,
      tooSlow: 4100,
      noSignOfLife: 4101,
      overloaded: 4103,
      draining: 4200,
      positionLost: 4201,
    });
  });

  it.each([
    [closeCodes.normal, 'never'],
    [closeCodes.badIdentity, 'never'],
    [closeCodes.forbidden, 'never'],
    [closeCodes.replaced, 'never'],
    [4099, 'never'],
    [closeCodes.tooSlow, 'back-off'],
    [closeCodes.noSignOfLife, 'back-off'],
    [closeCodes.overloaded, 'back-off'],
    [closeCodes.draining, 'now'],
    [closeCodes.positionLost, 'now'],
    [closeCodes.goingAway, 'back-off'],
    [closeCodes.tooBig, 'back-off'],
    // A connection that broke, and whatever a proxy makes up.
    [1006, 'back-off'],
    [1011, 'back-off'],
    [1012, 'back-off'],
    [4300, 'back-off'],
  ])('after %i a client reconnects: %s', (code, policy) => {
    expect(reconnectPolicy(code)).toBe(policy);
  });
});
