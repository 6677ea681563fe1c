import { createWorkItemClient } from '@workitem-hub/client';
import fs from 'node:fs';
const log=fs.readFileSync('/tmp/h5.log','utf8');const toks=[...log.matchAll(/token=([\w.-]+)/g)].map(m=>m[1]);
const c=createWorkItemClient({url:'http://127.0.0.1:8144',getToken:({reason})=>{console.log('token',reason);return toks[0]}});
c.on('state',s=>console.log('state',s.name,s.code,s.reason));c.on('caught_up',r=>console.log('caught',r));c.on('error',e=>console.log('error',e.code,e.message));
c.on('new_workitem',(d,m)=>console.log('new',d.id,m.seq));c.on('event',e=>console.log(e.name,e.data.version));
c.workItems.subscribe(()=>console.log('list',c.workItems.items.length));
c.connect();
await new Promise(r=>setTimeout(r,1500));
for(let i=0;i<3;i++)await fetch('http://127.0.0.1:8144/api/test/workitem',{method:'POST'});
await new Promise(r=>setTimeout(r,500));
console.log(c.principal, c.workItems.items.map(i=>[i.id,i.assigned_to,i.team]));
const it=c.workItems.items.find(i=>!i.assigned_to);
if(it){const p=c.claim(it.id);console.log('guess',c.workItems.get(it.id).status);console.log((await p).status);
try{await c.setStatus(it.id,{status:'bound'})}catch(e){console.log(e.code,e.message)}}
await c.setFilter({status:['in_progress']});await new Promise(r=>setTimeout(r,500));console.log(c.workItems.size,c.state);
c.close();
