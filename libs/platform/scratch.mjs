import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { z } from 'zod';
import fs from 'node:fs';
import { createTestDatabase } from '../testing/dist/index.js';
import { ImportModule, ImportTables1700000000200, PlatformModule, createService, parseConfig, platformConfig, platformEnv, ACCESS_DIRECTORY, BRANCH_LOOKUP, branchTable } from './dist/index.js';
import { newId } from '@steward/kernel';
import { importFile } from '../../tools/dist/import/import-file.js';
import http from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
const adminUrl = JSON.parse(fs.readFileSync('/tmp/pg.log','utf8').trim().split('\n').pop()).url;
const db = await createTestDatabase('scratch', { adminUrl });
const keys = await generateKeyPair('ES256',{extractable:true});
const jwk={...(await exportJWK(keys.publicKey)),kid:'k1',alg:'ES256',use:'sig'};
const srv=http.createServer((q,r)=>{r.setHeader('content-type','application/json');r.end(JSON.stringify(q.url==='/jwks'?{keys:[jwk]}:{issuer:iss,jwks_uri:iss+'/jwks'}))});
await new Promise(r=>srv.listen(0,'127.0.0.1',r)); const iss='http://127.0.0.1:'+srv.address().port;
const token=await new SignJWT({client_id:'c'}).setProtectedHeader({alg:'ES256',kid:'k1'}).setSubject('u').setIssuer(iss).setAudience('platform-api').setIssuedAt().setExpirationTime('2h').sign(keys.privateKey);
const EB1=newId();
class T1700000000900 { async up(r){ await r.query(`create table thing(id uuid primary key, branch_id uuid not null, title text not null, note text); ${branchTable('thing')}`) } async down(){} }
class Kind { kind='things'; roles=['hq-admin']; branchField='branch'; rowSchema=z.object({title:z.string(),note:z.string().optional()});
 async applyRows(tx,job,rows){ const ids=rows.map(()=>newId()); await tx.query('insert into thing select * from unnest($1::uuid[],$2::uuid[],$3::text[],$4::text[])',[ids,rows.map(r=>r.branchId),rows.map(r=>r.data.title),rows.map(r=>r.data.note??null)]); return ids.map(entityId=>({state:'created',entityId})); } }
const config=platformConfig(parseConfig(platformEnv,{NODE_ENV:'test',LOG_LEVEL:'warn',OIDC_ISSUER:iss,DATABASE_URL:db.appUrl,WORKER_DATABASE_URL:db.workerUrl,MIGRATION_URL:db.ownerUrl,AUDIT_KEY:'k'.repeat(32)}));
class Dir{}; Module({providers:[{provide:ACCESS_DIRECTORY,useValue:{grantsOf:async()=>[{role:'hq-admin',level:'group',units:'*',refs:'*'}]}},{provide:BRANCH_LOOKUP,useValue:{byCode:async c=>c==='EB1'?{branchId:EB1,timeZone:'Asia/Shanghai'}:undefined}}],exports:[ACCESS_DIRECTORY,BRANCH_LOOKUP]})(Dir);
const {Global}=await import('@nestjs/common'); Global()(Dir);
class App{}; Module({imports:[PlatformModule.forRoot(config,{service:'things',migrations:[ImportTables1700000000200,T1700000000900]}),Dir,ImportModule.forRoot({service:'things',kinds:[Kind]})]})(App);
const s=await createService({name:'things',version:'1',module:App,openapi:{title:'t',description:'d'}},config);
const file='/tmp/big.csv'; const MB=Number(process.argv[2]??300);
{ const w=fs.openSync(file,'w'); fs.writeSync(w,'externalId,title,note\n'); let i=0; const pad='n'.repeat(Number(process.argv[3]??1000)); for(let sz=0;sz<MB*1e6;){ let t=''; for(let k=0;k<1000;k++){t+=`${i},"Title, ${i++}",${pad}\n`} fs.writeSync(w,t); sz+=t.length } fs.closeSync(w); console.log('rows',i); }
let peak=0,lag=0,last=performance.now(); const tm=setInterval(()=>{const n=performance.now(); lag=Math.max(lag,n-last-20); last=n; peak=Math.max(peak,process.memoryUsage().rss)},20);
console.log('rss before',process.memoryUsage().rss/1e6|0);
let t=performance.now(); let sent=0;
const r=await importFile({gateway:s.url,token:async()=>token,kind:'things',file,fields:{branch:'EB1'},onProgress:p=>{ if(p.phase==='importing'&&!sent){sent=performance.now()-t; console.log('upload s',sent/1000,'peak rss',peak/1e6|0,'lag',lag|0); lag=0} }});
console.log('total s',(performance.now()-t)/1000,'peak',peak/1e6|0,'max loop lag ms',lag|0, r.job.rows, r.job.state);
clearInterval(tm); await s.stop(); srv.close(); await db.drop(); fs.unlinkSync(file);
