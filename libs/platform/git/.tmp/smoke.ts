import { startGitHost } from '../../../testing/src/git-host/index.ts';
import { SmartHttpGitRemote, GitDispatcher, InMemoryObjectStore } from '../src/index.ts';
import { systemClock } from '@flotilla/foundation';
import { rmSync } from 'node:fs';
rmSync('/tmp/gx/host',{recursive:true,force:true});
const host = await startGitHost({ root: '/tmp/gx/host' });
const pad = (i:number)=>String(i).padStart(5,'0');
for (const n of [100,1000,10000]) {
 const name='fleet-'+n;
 const files: Record<string,string> = {};
 const file=(i:number,f:number,v:string)=>`apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: app-${i}-${f}\ndata:\n  a: "${Math.sin(i*4+f)}"\n  value: "${v}"\n`;
 for(let i=0;i<n;i++)for(let f=0;f<4;f++)files[`apps/app-${pad(i)}/f${f}.yaml`]=file(i,f,'one');
 let t=performance.now();
 const first=await host.createRepository(name,files);
 console.log(n,'create',Math.round(performance.now()-t),'ms');
 const d=new GitDispatcher();
 const store=new InMemoryObjectStore({bytesMax:64<<20});
 const r=new SmartHttpGitRemote({url:host.url(name),store,dispatcher:d,clock:systemClock});
 const tr=()=>d.traffic();
 let b=tr();t=performance.now();
 let p=await r.pull({commit:first,paths:['apps/app-00042'],files:true});
 let a=tr();
 console.log('first pull',p.requests,p.bytes,{up:a.up-b.up,down:a.down-b.down},Math.round(performance.now()-t),'ms', store.bytes);
 let prev=first;
 for(let k=0;k<3;k++){
  const c=await host.commit(name,{['apps/app-00042/f1.yaml']:file(42,1,'k'+k)});
  b=tr();t=performance.now();
  p=await r.pull({commit:c,paths:['apps/app-00042'],files:true,have:prev});
  const fs=await r.files(p.trees.get('apps/app-00042')!);
  a=tr();
  console.log('change',p.requests,p.bytes,{up:a.up-b.up,down:a.down-b.down,sum:a.up-b.up+a.down-b.down},Math.round((performance.now()-t)*10)/10,'ms',fs.length);
  prev=c;
 }
 b=tr(); p=await r.pull({commit:first,paths:['apps/app-00042'],files:true,have:prev}); console.log('held again',p.requests);
 const store2=new InMemoryObjectStore({bytesMax:64<<20});
 const r2=new SmartHttpGitRemote({url:host.url(name),store:store2,dispatcher:d,clock:systemClock});
 await r2.pull({commit:prev,paths:['apps/app-00042'],files:true});
 p=await r2.pull({commit:first,paths:['apps/app-00042'],files:true,have:prev}); console.log('rollback',p.requests,p.bytes);
 console.log(await r2.listRefs({names:['refs/heads/main','HEAD']}), host.traffic(name));
 await d.close();
}
await host.close();
