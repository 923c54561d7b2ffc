/* What the pages can do beyond being read: filter a list, copy a citation, print. All of it works without. */
(function () {
  "use strict";

  function each(selector, action) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), action);
  }

  function filter(listing) {
    var rows = listing.querySelectorAll("tbody tr");
    var label = document.createElement("label");
    var input = document.createElement("input");
    var count = document.createElement("p");
    label.className = "imr-filter";
    label.textContent = listing.getAttribute("data-imr-filter");
    input.type = "search";
    input.autocomplete = "off";
    count.className = "imr-quiet";
    count.setAttribute("role", "status");
    label.appendChild(input);
    input.addEventListener("input", function () {
      var words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      var shown = 0;
      Array.prototype.forEach.call(rows, function (row) {
        var text = row.textContent.toLowerCase();
        var fits = words.every(function (word) { return text.indexOf(word) >= 0; });
        row.hidden = !fits;
        shown += fits ? 1 : 0;
      });
      count.textContent = words.length ? shown + " of " + rows.length : "";
    });
    listing.insertBefore(label, listing.firstChild);
    listing.insertBefore(count, label.nextSibling);
  }

  function copy(button) {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      var text = document.getElementById(button.getAttribute("data-imr-copy")).textContent;
      navigator.clipboard.writeText(text).then(function () {
        button.textContent = "Copied";
      });
    });
  }

  function openTarget() {
    var name = location.hash.slice(1);
    try { name = decodeURIComponent(name); } catch (error) { /* no address that this page gives out */ }
    var target = name && document.getElementById(name);
    for (var box = target; box; box = box.parentElement) {
      if (box.tagName !== "DETAILS") continue;
      box.open = true;
      box.classList.add("imr-opened");
    }
  }

  /* What scrolls sideways has to be reached by the keyboard. The theme wraps wide tables when it starts. */
  function reachable() {
    each(".md-typeset__scrollwrap, .md-typeset pre > code", function (box) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    });
  }
  window.addEventListener("load", function () { setTimeout(reachable); });
  window.addEventListener("resize", reachable);

  /* The theme opens everything for a print; what the reader has opened is printed, and no more. */
  document.addEventListener("click", function (event) {
    var summary = event.target.closest && event.target.closest("summary");
    if (summary) summary.parentElement.classList.toggle("imr-opened", !summary.parentElement.open);
  });

  each("[data-imr-filter]", filter);
  each("[data-imr-copy]", copy);
  each(".imr-print", function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
  window.addEventListener("hashchange", openTarget);
  openTarget();
})();
