import { htmlToText } from './text.js';
let worst: [number,string][]=[];
for (const u of ['<div>','<p>a</p>','</','<!','<a ','&','<ul><li>','<table><tr><td>a</td><td>b</td></tr></table>','&lt;',' ','<tr><td>','x ','<','<p ','<p','<br','</p','\n','<x>','\u00a0','<style>','<title>','<!--','<a =">','<a b="','\r','</p>'])
 for (const n of [1e6, 25e6]) for (const end of ['','>']) { const s='<p>'+u.repeat(n/u.length|0)+end; const t=performance.now(); htmlToText(s); worst.push([performance.now()-t,'html '+n+JSON.stringify(u)+end]); }
worst.sort((a,b)=>b[0]-a[0]); for (const w of worst.slice(0,16)) console.log(w[0].toFixed(0),w[1]);
