import { describe, expect, it } from '@jest/globals';
import { Circuit } from './circuit.js';

const make = () => {
  const time = { nowMs: 0 };
  const circuit = new Circuit({ failures: 3, openMs: 100 }, () => time.nowMs);
  const fail = (times: number): void => {
    for (let i = 0; i < times; i += 1) circuit.enter()!.failed();
  };
  return { circuit, time, fail };
};

describe('a circuit', () => {
  it('opens after failures in a row, and a success between them starts the count anew', () => {
    const { circuit, fail } = make();
    fail(2);
    circuit.enter()!.succeeded();
    fail(2);
    expect(circuit.state).toBe('closed');
    fail(1);
    expect(circuit.state).toBe('open');
    expect(circuit.enter()).toBeNull();
    expect(circuit.remainingMs()).toBe(100);
  });

  it('lets one request at a time probe after the pause', () => {
    const { circuit, time, fail } = make();
    fail(3);
    time.nowMs = 99;
    expect(circuit.enter()).toBeNull();
    time.nowMs = 100;
    expect(circuit.state).toBe('half-open');
    const probe = circuit.enter()!;
    expect(circuit.enter()).toBeNull();
    probe.succeeded();
    expect(circuit.state).toBe('closed');
    fail(2);
    expect(circuit.state).toBe('closed');
  });

  it('opens again at once when the probe fails', () => {
    const { circuit, time, fail } = make();
    fail(3);
    time.nowMs = 150;
    circuit.enter()!.failed();
    expect(circuit.state).toBe('open');
    expect(circuit.remainingMs()).toBe(100);
  });

  it('gives the turn to another when the client of the probe has gone', () => {
    const { circuit, time, fail } = make();
    fail(3);
    time.nowMs = 100;
    circuit.enter()!.abandoned();
    expect(circuit.enter()).not.toBeNull();
  });

  it('does not count answers to requests of the time before it changed', () => {
    const { circuit, time, fail } = make();
    const late = [circuit.enter()!, circuit.enter()!, circuit.enter()!];
    fail(3);
    late[0]!.succeeded();
    expect(circuit.state).toBe('open');
    time.nowMs = 100;
    circuit.enter()!.succeeded();
    late[1]!.failed();
    late[2]!.failed();
    fail(1);
    expect(circuit.state).toBe('closed');
  });

  it('does not count requests whose client has gone', () => {
    const { circuit } = make();
    for (let i = 0; i < 10; i += 1) circuit.enter()!.abandoned();
    expect(circuit.state).toBe('closed');
  });
});
