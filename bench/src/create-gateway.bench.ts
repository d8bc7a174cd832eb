import type { Bench } from './frame/bench.js';
export const createGateway: Bench = { name: 'create-gateway', description: '', run: () => Promise.reject(new Error('todo')) };
