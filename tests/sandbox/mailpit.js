// The part of Mailpit's interface that helpers of tests use, asked by a client of it from npm:
// mailpit.js, run by the sandbox as its command. What is wrong is printed, and the status is 1.
const assert = require('assert');
const nodemailer = require('nodemailer');
const { MailpitClient } = require('mailpit-api');

const transport = nodemailer.createTransport({
  host: process.env.MAILASSAY_SMTP_HOST, port: process.env.MAILASSAY_SMTP_PORT, tls: { rejectUnauthorized: false } });
const mailpit = new MailpitClient(process.env.MAILASSAY_MAILPIT_URL);

const send = (to, subject) => transport.sendMail({
  from: '"Shop" <shop@good.example>', to, subject, text: `Code 4711 for ${to}`, html: '<p>Code <b>4711</b></p>',
  attachments: [{ filename: 'rows.csv', content: 'a,b\n' }] });

(async () => {
  await send('ann@example.net', 'Your order');
  await send('bob@example.net', 'Your invoice');
  const list = await mailpit.listMessages();
  assert.equal(list.total, 2);
  assert.deepEqual(list.messages.map((one) => one.Subject), ['Your invoice', 'Your order']);
  assert.equal((await mailpit.listMessages(1, 1)).messages[0].Subject, 'Your order');

  const latest = await mailpit.getMessageSummary();
  assert.equal(latest.Subject, 'Your invoice');
  assert.equal(latest.From.Address, 'shop@good.example');
  assert.equal(latest.From.Name, 'Shop');
  assert.equal(latest.To[0].Address, 'bob@example.net');
  assert.ok(latest.Text.includes('4711 for bob') && latest.HTML.includes('<b>4711</b>'));
  assert.equal(latest.Attachments.length, 1);
  assert.equal(latest.Attachments[0].FileName, 'rows.csv');
  assert.deepEqual((await mailpit.getMessageHeaders(latest.ID)).Subject, ['Your invoice']);
  assert.ok((await mailpit.getMessageSource(latest.ID)).includes('Subject: Your invoice'));

  const found = await mailpit.searchMessages({ query: 'to:ann@example.net subject:order' });
  assert.equal(found.messages_count, 1);
  assert.equal(found.messages[0].To[0].Address, 'ann@example.net');
  setTimeout(() => send('carl@example.net', 'Late'), 300);
  const late = await mailpit.waitForMessage({ query: 'subject:Late' }, { timeout: 15000, interval: 100 });
  assert.equal(late.To[0].Address, 'carl@example.net');

  await mailpit.deleteMessages({ IDs: [latest.ID] });
  assert.equal((await mailpit.listMessages()).total, 2);
  await mailpit.deleteMessagesBySearch({ query: 'subject:late' });
  assert.deepEqual((await mailpit.listMessages()).messages.map((one) => one.Subject), ['Your order']);
  await mailpit.deleteMessages();
  assert.equal((await mailpit.listMessages()).total, 0);
  await assert.rejects(mailpit.getMessageSummary('nobody'), /404/);
})().catch((error) => { console.error(error); process.exit(1); });
