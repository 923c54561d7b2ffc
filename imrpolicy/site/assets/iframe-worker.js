/* A page that is opened from a disk may not start a worker. The search of the theme runs in a hidden frame then.
   No text is ever run as a script here, so the content security policy of the page can forbid that. */
(function () {
  "use strict";
  if (location.protocol !== "file:") return;

  function FrameWorker(url) {
    var worker = this;
    var frame = document.createElement("iframe");
    frame.hidden = true;
    frame.title = "Search";
    document.body.appendChild(frame);
    var inside = frame.contentWindow;

    function load(address) {
      return new Promise(function (resolve, reject) {
        var script = inside.document.createElement("script");
        script.src = address;
        script.onload = resolve;
        script.onerror = reject;
        inside.document.body.appendChild(script);
      });
    }

    inside.postMessage = function (data) {
      setTimeout(function () {
        var event = new MessageEvent("message", { data: data });
        worker.dispatchEvent(event);
        if (worker.onmessage) worker.onmessage(event);
      });
    };
    inside.importScripts = function () {
      return Array.prototype.reduce.call(arguments, function (before, address) {
        return before.then(function () { return load(address); });
      }, Promise.resolve());
    };
    var ready = load(new URL(url, location).href);

    worker.postMessage = function (data) {
      ready.then(function () {
        inside.dispatchEvent(new inside.MessageEvent("message", { data: data }));
      });
    };
    worker.terminate = function () { frame.remove(); };
  }

  window.Worker = function (url) {
    var target = new EventTarget();
    FrameWorker.call(target, url);
    return target;
  };
})();
