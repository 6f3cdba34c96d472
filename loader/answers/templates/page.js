(function () {
  "use strict";
  var body = document.body, where = document.getElementById("where"), search = document.getElementById("search");
  var count = document.getElementById("count");
  function toggle(id, name) {
    var box = document.getElementById(id);
    if (!box) { return; }
    box.addEventListener("change", function () { body.classList.toggle(name, box.checked); });
    body.classList.toggle(name, box.checked);
  }
  toggle("only", "diff");
  toggle("yard", "yard");

  function find() {
    var word = search.value.trim().toLowerCase(), hits = 0;
    document.querySelectorAll("tbody.rows").forEach(function (rows) {
      var any = false, whole = rows.classList.contains("whole");
      Array.prototype.forEach.call(rows.rows, function (row) {
        var hit = !word || row.textContent.toLowerCase().indexOf(word) >= 0;
        if (hit) { any = true; if (word) { hits += 1; } }
        if (!whole) { row.classList.toggle("hidden", !hit); }
      });
      var block = rows.closest("[data-block]");
      if (block) { block.dataset.hit = any || block.dataset.hit === "1" ? "1" : ""; }
      rows.closest("table").classList.toggle("hidden", !any);
    });
    document.querySelectorAll("[data-block]").forEach(function (block) {
      block.classList.toggle("hidden", !!word && block.dataset.hit !== "1");
      block.dataset.hit = "";
    });
    count.textContent = word ? "找到 " + hits + " 行" : "";
  }
  search.addEventListener("input", find);
  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && event.target.tagName !== "INPUT") { search.focus(); event.preventDefault(); }
  });
  if (!where) { return; }
  document.querySelectorAll(".form td.n,.form td.d,.form td.r").forEach(function (cell) { cell.tabIndex = -1; });
  document.querySelectorAll("section.form table").forEach(function (table) {
    var first = table.querySelector("td[tabindex]");
    if (first) { first.tabIndex = 0; }
  });

  function tell(cell) {
    var form = cell.closest("section.form"), words = [form.dataset.title];
    var row = cell.dataset.s || cell.parentNode.dataset.r, column = cell.dataset.c || cell.cellIndex + 1;
    if (row && column !== "0") {
      words.push("文件 " + where.dataset.file);
      var many = where.dataset.rowsAPage;
      if (many) {
        words.push("第 " + Math.floor(row / many) + " 页", "第 " + row % many + " 行");
      } else {
        var sheet = cell.parentNode.dataset.p;
        words.push(sheet ? "工作表 " + sheet : "位置 " + form.dataset.place, "第 " + row + " 行");
      }
      words.push("第 " + column + " 列");
    } else {
      words.push("公开文件中没有此数，由其他报表推算");
    }
    if (cell.dataset.b) { words.push("上年 " + cell.dataset.b); }
    if (cell.dataset.m) { words.push("同类单位中位数 " + cell.dataset.m); }
    where.textContent = words.join("  ·  ");
  }
  function figure(target) { return target.closest ? target.closest("td[tabindex]") : null; }
  ["focusin", "mouseover"].forEach(function (name) {
    document.addEventListener(name, function (event) { var cell = figure(event.target); if (cell) { tell(cell); } });
  });
  document.addEventListener("click", function (event) { var cell = figure(event.target); if (cell) { cell.focus(); } });
  document.addEventListener("keydown", function (event) {
    var cell = figure(event.target);
    if (!cell || ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].indexOf(event.key) < 0) { return; }
    var all = Array.prototype.slice.call(cell.closest("table").querySelectorAll("td[tabindex]")).filter(function (one) {
      return one.offsetParent !== null;
    });
    var next, at = all.indexOf(cell), down = event.key === "ArrowDown";
    if (event.key === "ArrowLeft") {
      next = all[at - 1];
    } else if (event.key === "ArrowRight") {
      next = all[at + 1];
    } else {
      var here = cell.getBoundingClientRect(), best = Infinity;
      all.forEach(function (one) {
        var box = one.getBoundingClientRect(), far = down ? box.top - here.top : here.top - box.top;
        var way = far * 1000 + Math.abs(box.left - here.left);
        if (far > 1 && way < best) { best = way; next = one; }
      });
    }
    if (next) { next.focus(); }
    event.preventDefault();
  });
})();
