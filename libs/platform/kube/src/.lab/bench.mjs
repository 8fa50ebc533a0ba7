import { readFileSync } from 'node:fs'; import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const lab = JSON.parse(readFileSync('/tmp/kubelab/lab.json')); 
const mode = process.argv[2]; const api = process.argv[3];
const allowH2 = mode === 'h2';
const rss=()=>Number(readFileSync('/proc/self/status','utf8').match(/VmRSS:\s+(\d+)/)[1])/1024;
let Pool = api==='full' ? (await import('undici')).Pool : require('undici/lib/dispatcher/pool.js');
const pool = new Pool(lab.url, { connections: 32, allowH2, connect: { rejectUnauthorized: false, ALPNProtocols: allowH2 ? ['h2','http/1.1'] : ['http/1.1'] }, pipelining: 1 });
function viaDispatch(opts){ return new Promise((resolve, reject)=>{ const chunks=[]; let st=0; pool.dispatch(opts,{ onRequestStart(){}, onResponseStart(c,s,h){st=s}, onResponseData(c,d){chunks.push(d)}, onResponseEnd(){ resolve({status:st, text: Buffer.concat(chunks).toString()})}, onResponseError(c,e){reject(e)} }); }); }
async function viaRequest(opts){ const r = await pool.request(opts); return {status:r.statusCode, text: await r.body.text()}; }
const send = api==='full' ? viaRequest : viaDispatch;
let n=0;
async function one(i){ const body = JSON.stringify({apiVersion:'v1',kind:'ConfigMap',metadata:{name:'b'+(i%200)},data:{x:String(Math.floor(i/200))+Math.random(), y:'z'.repeat(400)}});
 const r = await send({method:'PATCH', path:`/api/v1/namespaces/default/configmaps/b${i%200}?fieldManager=f&force=true`, headers:{authorization:'Bearer admintoken','content-type':'application/apply-patch+yaml', accept:'application/json'}, body}); if(r.status>=300) throw new Error(r.text); JSON.parse(r.text); }
async function run(total, conc){ let i=0; const t=performance.now(); const c=process.cpuUsage(); await Promise.all(Array.from({length:conc}, async()=>{ while(i<total) await one(i++); })); const d=process.cpuUsage(c); const s=(performance.now()-t)/1000; return `conc ${conc}: ${(total/s).toFixed(0)}/s cpu ${( (d.user+d.system)/1000/total).toFixed(2)} ms/req`; }
await run(200,8);
console.log(mode, api, await run(600,1), '|', await run(2000,32), 'rss', rss().toFixed(0));
await pool.close();
