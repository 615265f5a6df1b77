// Starts nginx as a gateway that takes every post, prints its address, and ends it with this process or at the end of
// its input.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const folder = mkdtempSync(path.join(tmpdir(), 'sink-'));
const probe = net.createServer();
const port = await new Promise((resolve) => {
  probe.listen(0, '127.0.0.1', () => resolve(probe.address().port));
});
await new Promise((resolve) => probe.close(resolve));
writeFileSync(
  path.join(folder, 'nginx.conf'),
  `daemon off;
worker_processes 1;
pid ${folder}/pid;
error_log stderr error;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server { listen 127.0.0.1:${port} backlog=4096; location / { return 200; } }
}
`,
);
const nginx = spawn('/usr/sbin/nginx', ['-p', folder, '-c', `${folder}/nginx.conf`], { stdio: ['ignore', 'ignore', 'inherit'] });
const end = () => nginx.kill('SIGTERM');
nginx.on('exit', (code) => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(code ?? 0);
});
process.stdin.on('end', end).resume();
process.on('SIGTERM', end);
const reach = () =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => setTimeout(() => resolve(false), 20));
  });
let tries = 0;
while (!(await reach())) {
  tries += 1;
  if (tries === 250) throw new Error('nginx does not listen');
}
console.log(`http://127.0.0.1:${port}`);
