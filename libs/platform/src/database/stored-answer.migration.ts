import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ownerFunctions } from './row-security.js';

const FUNCTIONS = `
drop function idempotency_claim(text, text, text, text);
drop function idempotency_finish(text, text, text, jsonb);
drop function idempotency_store(text, text, text, text, jsonb);
create function idempotency_claim(a_client text, a_route text, a_key text, a_hash text)
returns table (fresh boolean, known_hash text, known_answer json)
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
  insert into idempotency (client, route, key, hash) values (a_client, a_route, a_key, a_hash) on conflict do nothing;
  if found then
    return query select true, a_hash, null::json;
  else
    return query select false, i.hash, i.answer from idempotency i
      where i.client = a_client and i.route = a_route and i.key = a_key;
  end if;
end $$;
create function idempotency_finish(a_client text, a_route text, a_key text, an_answer json) returns void
language sql volatile security definer set search_path = public, pg_temp as $$
  update idempotency set answer = an_answer where client = a_client and route = a_route and key = a_key
$$;
create function idempotency_store(a_client text, a_route text, a_key text, a_hash text, an_answer json) returns boolean
language sql volatile security definer set search_path = public, pg_temp as $$
  insert into idempotency (client, route, key, hash, answer) values (a_client, a_route, a_key, a_hash, an_answer)
  returning true
$$;
`;

/** Stored answers keep the order of their fields, so that a repeated command is answered to the byte like the first. */
export class StoredAnswer1700000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table idempotency alter column answer type json using answer::json; ${FUNCTIONS}
      ${ownerFunctions('idempotency_claim, idempotency_finish, idempotency_store', 'app and worker')}`,
    );
  }

  async down(): Promise<void> {
    return Promise.reject(new Error('the order of the fields would be lost'));
  }
}
