/* The menu of the releases of this site, in the foot of each page. Without releases there is none. */
(function () {
  "use strict";
  var script = document.currentScript;
  var names = window.imrpolicyReleases;
  if (!script || !Array.isArray(names) || !names.length) return;
  var top = script.getAttribute("data-imr-top");
  var own = script.getAttribute("data-imr-release");

  function entry(name) {
    var item = document.createElement("li");
    var link = document.createElement("a");
    link.href = top + (name ? "releases/" + encodeURIComponent(name) + "/" : "") + "index.html";
    link.textContent = name ? "Release " + name : "Newest state";
    if (name === own) link.setAttribute("aria-current", "true");
    item.appendChild(link);
    return item;
  }

  var box = document.createElement("details");
  var summary = document.createElement("summary");
  var list = document.createElement("ul");
  box.className = "imr-releases";
  summary.textContent = "Version of this site: " + (own ? "release " + own : "newest");
  box.appendChild(summary);
  [""].concat(names).forEach(function (name) {
    if (typeof name === "string") list.appendChild(entry(name));
  });
  box.appendChild(list);
  (document.querySelector("footer") || document.body).appendChild(box);
})();
