// The one stream of this browser. Every tab has a port here; what the stream says goes to all of them.
const ports = new Set();
const lately = [];
let stream = null;
let begun = "";
let last = "";
let again = 5000;

function tell(topic) {
  for (const port of ports) port.postMessage(topic);
}

function heard({ data, lastEventId }) {
  // Another node, or the same one begun anew, counts from its own beginning.
  if (parts(lastEventId)[0] !== parts(begun)[0]) {
    lately.length = 0;
    begun = lastEventId;
  }
  last = lastEventId;
  lately.push([lastEventId, data]);
  if (lately.length > 200) begun = lately.shift()[0];
  tell(data);
}

function open(since) {
  begun ||= since;
  stream = new EventSource(`/live?since=${encodeURIComponent(since)}`);
  stream.onmessage = heard;
  stream.onopen = () => (again = 5000);
  stream.onerror = () => {
    // A stream that broke off is taken up again by the browser. One that was refused is not: whoever shows something
    // asks for it, and finds out why (signed out, for instance).
    if (stream?.readyState !== EventSource.CLOSED) return;
    stream = null;
    tell("*");
    setTimeout(() => ports.size && !stream && open(last || since), again);
    again = Math.min(again * 2, 60000);
  };
}

// What was told between the moment a page was asked for and the moment it listens.
function catchUp(port, since) {
  const [node, number] = parts(since);
  const [here, oldest] = parts(begun);
  if (node !== here || number < oldest) return port.postMessage("*");
  for (const [mark, topic] of lately) if (parts(mark)[1] > number) port.postMessage(topic);
}

function parts(mark) {
  const at = mark.lastIndexOf(".");
  return [mark.slice(0, at), Number(mark.slice(at + 1))];
}

self.onconnect = ({ ports: [port] }) => {
  port.onmessage = ({ data }) => {
    if (data.since !== undefined) {
      ports.add(port);
      if (stream) catchUp(port, data.since);
      else open(last || data.since);
      return;
    }
    ports.delete(port);
    if (ports.size === 0 && stream) {
      stream.close();
      stream = null;
    }
  };
};
