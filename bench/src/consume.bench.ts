import type { Bench } from './frame/bench.js';
export const consume: Bench = { name: 'consume', description: '', run: () => Promise.reject(new Error('todo')) };
