// The one stream of this browser. Every tab has a port here; what the stream says goes to all of them.
const ports = new Set();
let stream = null;
let wasLost = false;

function tell(topic) {
  for (const port of ports) port.postMessage(topic);
}

function open() {
  stream = new EventSource("/live");
  stream.onmessage = (event) => tell(event.data);
  stream.onerror = () => {
    wasLost = true;
    // A refused stream (signed out, for instance) is not tried again by the browser itself.
    if (stream.readyState === EventSource.CLOSED) {
      stream = null;
      setTimeout(() => ports.size && !stream && open(), 5000);
    }
  };
  stream.onopen = () => {
    if (wasLost) tell("*");
    wasLost = false;
  };
}

self.onconnect = ({ ports: [port] }) => {
  ports.add(port);
  port.onmessage = () => {
    ports.delete(port);
    if (ports.size === 0 && stream) {
      stream.close();
      stream = null;
    }
  };
  if (!stream) open();
};
