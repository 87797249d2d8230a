"""Fixed words of the terminal in Kazakh, Russian and English (terms from ``docs/glossary.md``)."""

from __future__ import annotations

from enum import StrEnum

from haq.cli.words_log import LOG_WORDS


class Language(StrEnum):
    """Languages of the terminal."""

    KK = "kk"
    RU = "ru"
    EN = "en"


LANGUAGES = tuple(Language)

_WORDS: dict[str, tuple[str, str, str]] = LOG_WORDS | {
    "files": ("Файлдар", "Файлы", "Files"),
    "read": ("оқылды", "прочитано", "read"),
    "accepted": ("қабылданды", "принято", "accepted"),
    "refused": ("алынбады", "не принято", "refused"),
    "skipped": ("өткізілді", "пропущено", "skipped"),
    "unconfirmed_law": (
        "заң ережелері расталмаған",
        "правила закона не подтверждены",
        "law not confirmed",
    ),
    "law": ("заң", "закон", "law"),
    "copies_of": (
        "{of} учаскенің ішінен {n} учаскенің хаттама көшірмесі бар. Осы учаскелерде:",
        "Есть копии протоколов {n} из {of} участков. На этих участках:",
        "Copies of the protocols of {n} of {of} stations. On these stations:",
    ),
    "between": (
        "{copies} және {declared}: ортақ {of} көшірменің {n} көшірмесінде айырма бар",
        "{copies} и {declared}: расхождения в {n} из {of} общих копий",
        "{copies} and {declared}: {n} of {of} shared copies differ on a choice",
    ),
    "version_of": (
        "{copies} → {declared}: {of} хаттаманың {n} данасы өзгерді, {dropped} жоғалды, {added} қосылды",
        "{copies} → {declared}: из {of} протоколов изменено {n}, исчезло {dropped}, добавлено {added}",
        "{copies} → {declared}: {n} of {of} protocols changed, {dropped} disappeared, {added} were added",
    ),
    "stands_in": (
        "Ресми нәтиже жоқ: оның орнына {declared} салыстырылады",
        "Официального результата нет: вместо него стоит {declared}",
        "No official result: {declared} stands in for it",
    ),
    "copies": ("көшірмелер", "копии", "copies"),
    "declared": ("жарияланған", "объявлено", "declared"),
    "difference": ("айырма", "расхождение", "difference"),
    "same": ("= бірдей", "= одинаково", "= same"),
    "differ": (
        "{copies}: {of} көшірменің {n} көшірмесінде таңдауға берілген дауыстар бірдей емес (алғашқы "
        "екеуінде — {leading}), кез келген дауыс жолында — {votes}, кез келген жолда — {lines}",
        "{copies}: расхождение хотя бы у одного варианта в {n} из {of} копий (у двух первых — {leading}), "
        "в любых голосах — {votes}, в любой строке — {lines}",
        "{copies}: {n} of {of} copies differ on a choice ({leading} on one of the first two), "
        "{votes} on a vote, {lines} on any line",
    ),
    "version_leaves_out": (
        "{declared}: жарияланған {of} учаскенің {n} учаскесі бұл соңғы нұсқада жоқ; "
        "олар бойынша бұрынғы нұсқа алынды",
        "{declared}: в этой последней версии нет {n} из {of} объявленных участков; "
        "по ним взята более ранняя версия",
        "{declared}: this last version leaves out {n} of {of} declared stations; "
        "an earlier version speaks for them",
    ),
    "not_declared": (
        "{of} учаскенің ішінен {n} учаскенің жарияланған нәтижесі жоқ",
        "Для {n} из {of} участков объявленного результата нет",
        "{n} of {of} stations have no declared result",
    ),
    "contradict": (
        "{copies}: бір учаскенің {n} көшірмесі бір-біріне қайшы: {units}",
        "{copies}: противоречат другой копии того же участка — {n}: {units}",
        "{copies}: {n} copies contradict another copy of the same station: {units}",
    ),
    "not_compared": ("салыстырылмады", "не сравнивалось", "not compared"),
    "left_out": (
        "қосындыдан тыс қалған учаскелер (көшірмелер қайшы немесе сан жоқ): {lines}",
        "не вошло в суммы участков (копии противоречат или числа нет): {lines}",
        "stations left out of the sums (copies contradict, or a figure is missing): {lines}",
    ),
    "missing_lines": (
        "сан жоқ учаскелер, қосындыға кірмеді: {lines}",
        "участки, где числа нет, в сумму не вошли: {lines}",
        "stations without the figure, not in the sum: {lines}",
    ),
    "largest": ("Ең үлкен айырмалар", "Самые большие расхождения", "Largest differences"),
    "and_more": ("… тағы {n}", "… и ещё {n}", "… and {n} more"),
    "no_difference": ("Айырма жоқ", "Расхождений нет", "No differences"),
    "no_copies": (
        "Салыстыратын екінші дереккөз жоқ: тек тексеру мен жиынтық",
        "Второго источника для сравнения нет: только проверки и суммы",
        "There is no second source to compare with: checks and totals only",
    ),
    "broken": ("Бұзылған арақатынастар", "Нарушенные соотношения", "Broken sums"),
    "warnings": ("Назар аударыңыз", "Требует внимания", "Worth a look"),
    "none_broken": (
        "Бұзылған арақатынас жоқ",
        "Нарушенных соотношений нет",
        "No broken sums",
    ),
    "of": ("{n} / {of}", "{n} из {of}", "{n} of {of}"),
    "unchecked": (
        "{source}: сан жетпегендіктен {n} хаттаманың кейбір арақатынастары тексерілмеді",
        "{source}: протоколов, где часть соотношений не проверить (не хватает чисел): {n}",
        "{source}: in {n} protocols some sums could not be checked, because figures are missing",
    ),
    "sums_up": (
        "Жиынтық хаттамалардағы қосындылар",
        "Суммы в сводных протоколах",
        "Sums up to the summary sheets",
    ),
    "sums_line": (
        "{below} → {level}: {of} аумақтың {n} аумағында қосынды сәйкес емес",
        "{below} → {level}: в {n} из {of} территорий сумма не сходится",
        "{below} → {level}: {n} of {of} areas do not add up",
    ),
    "orphans": (
        "{n} хаттаманың жиынтық парағы жоқ",
        "протоколов без сводного: {n}",
        "{n} sheets have no summary above them",
    ),
    "childless": (
        "{n} жиынтықтың төменгі хаттамалары жоқ",
        "сводных без протоколов под ними: {n}",
        "{n} summaries have no sheets below them",
    ),
    "sums_unknown": (
        "{n} жол бойынша қосынды белгісіз",
        "строк с неизвестной суммой: {n}",
        "{n} lines of areas could not be checked",
    ),
    "by_summary": ("{source} бойынша", "по сводному {source}", "by summary {source}"),
    "totals": (
        "Жиынтық ({source}): {of} учаскенің ішінен {n}",
        "Итог ({source}): {n} из {of} участков",
        "Totals ({source}): {n} of {of} stations",
    ),
    "votes": ("дауыс", "голоса", "votes"),
    "share": (
        "% — барлық таңдауға берілген дауыстардан",
        "% — от голосов за все варианты вместе",
        "% is of the votes for all choices together",
    ),
    "seats_on_both": (
        "Осы учаскелер бойынша мандаттар — көшірмелер: {copies}; жарияланған: {declared}",
        "Мандаты по этим участкам — копии: {copies}; объявлено: {declared}",
        "Seats by these stations alone — copies: {copies}; declared: {declared}",
    ),
    "rule_method": ("мандат бөлу әдісі", "метод распределения", "the method"),
    "rule_threshold": ("өту шегі", "заградительный барьер", "the threshold"),
    "rule_base": ("өту шегінің негізі", "база барьера", "the base of the threshold"),
    "rule_too_few_lists": (
        "тізімдер жетпегендегі ереже",
        "правило при нехватке списков",
        "the rule for too few lists",
    ),
    "rule_ties": ("тең болғандағы ереже", "правило при равенстве", "the rule for ties"),
    "empty_cells": (
        "{file}: {n} бос ұяшық (бос деген нөл емес)",
        "{file}: пустых ячеек {n} (пусто — не ноль)",
        "{file}: {n} empty cells (empty is not zero)",
    ),
    "seats": ("мандат", "мандаты", "seats"),
    "no_seats": ("Мандаттар есептелмеді", "Мандаты не посчитаны", "Seats not computed"),
    "rests_on": (
        "Расталмаған ережеге сүйенеді",
        "Опирается на неподтверждённое",
        "Rests on unconfirmed rules",
    ),
    "refused_heading": (
        "Алынбаған, өткізілген және бос",
        "Не принято, пропущено, пусто",
        "Refused, skipped and empty",
    ),
    "duplicates": (
        "{file}: бір кілтпен {n} қайталанған жол",
        "{file}: повторов одного ключа: {n}",
        "{file}: {n} rows repeat a key",
    ),
    "row": ("{n}-жол", "строка {n}", "row {n}"),
    "row_skipped": ("{n}-жол (өткізілді)", "строка {n} (пропущена)", "row {n} (skipped)"),
    "notes": ("Ескертпелер", "Примечания", "Notes"),
    "written": (
        "Толық кестелер, жазбалар мен суреттер: {out}",
        "Полные таблицы, записи и картинки: {out}",
        "Full tables, entries and pictures: {out}",
    ),
    "write_hint": (
        "Толық кестелер үшін: --out ҚАЛТА",
        "Полные таблицы: --out ПАПКА",
        "For the full tables add --out FOLDER",
    ),
    "not_published": ("Жарияланбайтыны", "Не публикуется", "Not published"),
    "columns_left_out": (
        "{file}: election.toml атамаған бағандар: {columns}",
        "{file}: столбцы, которых election.toml не называет: {columns}",
        "{file}: columns that election.toml does not name: {columns}",
    ),
    "cleaned": (
        "{of} фотосуреттің {n} данасы: жарияланатын көшірмеден түсірілген орны, құрылғы және камераның "
        "басқа жазбалары алынды; түпнұсқалар өзгерген жоқ",
        "Фотографии, {n} из {of}: из публикуемых копий убраны место, устройство и прочие записи камеры; "
        "оригиналы не тронуты",
        "{n} of {of} photographs: place, device and whatever else the camera noted are taken out of the "
        "published copies; the originals are untouched",
    ),
    "held_back": (
        "{file}: файл жарияланбайды: {reason}",
        "{file}: файл не публикуется: {reason}",
        "{file}: the file is not published: {reason}",
    ),
    "held_pdf": (
        "PDF-тен оны кім және қайда жасағанын haq алып тастай алмайды; --with-pdf соның өзінде жариялайды",
        "из PDF haq не может убрать, кто и где его сделал; --with-pdf публикует всё равно",
        "haq cannot take out of a PDF who made it and where; --with-pdf publishes it all the same",
    ),
    "site": (
        "Нәтижелер сайты, әр учаскеге бір бет: {site}",
        "Сайт с результатами, по странице на каждый участок: {site}",
        "The site, a page for every station: {site}",
    ),
    "serving": (
        "{site}: {address} (тоқтату: Ctrl-C)",
        "{site}: {address} (остановить: Ctrl-C)",
        "{site}: {address} (Ctrl-C ends it)",
    ),
    "port_taken": (
        "{taken} порты бос емес, оның орнына {port}",
        "порт {taken} занят, вместо него {port}",
        "port {taken} is taken: {port} instead",
    ),
    "not_guilt": (
        "Айырма — бұзушылықтың дәлелі емес: комиссияның жауабын сұраңыз.",
        "Расхождение — не доказательство нарушения: запросите ответ комиссии.",
        "A difference is not proof of a violation: ask for the commission's reply.",
    ),
    "negative": ("теріс сан", "отрицательное число", "a negative number"),
    "above_registered": (
        "берілген, табылған немесе дауыстар тізімдегі сайлаушылардан көп",
        "выдано, найдено или подано больше, чем избирателей в списке",
        "issued, found or cast is more than the registered voters",
    ),
    "turnout_100": ("қатысу 100 % немесе одан көп", "явка 100 % и выше", "turnout of 100% or more"),
    "issued_found_gap": (
        "берілген мен табылғанның айырмасы ≥ 15 және табылғанның ≥ 2 %-ы",
        "выданные и найденные расходятся на ≥ 15 и на ≥ 2 % найденных",
        "issued and found differ by ≥ 15 and by ≥ 2% of those found",
    ),
    "blank_high": ("бос бюллетень ≥ 3 %", "пустых бюллетеней ≥ 3 %", "blank ballots ≥ 3%"),
    "invalid_high": ("жарамсыз бюллетень ≥ 3 %", "недействительных ≥ 3 %", "invalid ballots ≥ 3%"),
    "one_choice_99": ("бір таңдауда ≥ 99 %", "у одного варианта ≥ 99 %", "one choice has ≥ 99%"),
    "digits_swapped": (
        "цифрлар немесе жолдар ауысқан болуы мүмкін",
        "возможно, переставлены цифры или строки",
        "digits or lines were probably exchanged",
    ),
    "synthetic_made": (
        "Бұл — жасанды сайлау: деректер {spec} бойынша жасалды",
        "Это искусственные выборы: данные созданы по {spec}",
        "This is a synthetic election: its data were made from {spec}",
    ),
    "site_pages": (
        "Сайт: {stations} учаске, {findings} сәйкессіздік",
        "Сайт: участков — {stations}, расхождений — {findings}",
        "The site: stations {stations}, findings {findings}",
    ),
    "site_files": (
        "Файлдар: {written} жазылды, {unchanged} өзгермеді, {removed} өшірілді",
        "Файлы: записано {written}, не изменилось {unchanged}, удалено {removed}",
        "Files: {written} written, {unchanged} unchanged, {removed} removed",
    ),
    "site_files_part": (
        "Өзгергені ғана қайта жасалды: {written} файл жазылды, {unchanged} бұрынғыдай, {removed} өшірілді",
        "Заново сделано только изменившееся: записано {written}, прежних {unchanged}, удалено {removed}",
        "Only what changed was made again: {written} files written, {unchanged} the same, {removed} removed",
    ),
    "site_problems": (
        "Жазбалардағы ақаулар: {n} (сайттың деректер бетінде де көрсетілген)",
        "Проблемы в записях: {n} (названы и на странице данных сайта)",
        "Problems with entries: {n} (named on the site's page of data too)",
    ),
    "site_line": ("{n}-жол", "строка {n}", "line {n}"),
    "site_look": ("Алдымен қараңыз: {pages}", "Сначала посмотрите: {pages}", "Look first at: {pages}"),
    "site_serve": (
        "Шолғышта ашу: {command}",
        "Открыть в браузере: {command}",
        "To open it in a browser: {command}",
    ),
    "verify_whole": (
        "Тізімдегі {of} файлдың бәрі сол қалпында, артық файл жоқ",
        "Все файлы из списка ({of}) на месте и не изменены, лишних нет",
        "All {of} files of the list are there and unchanged, and there are no others",
    ),
    "verify_differs": (
        "Бұл сайт өз тізіміне сай емес ({of} файл)",
        "Сайт не совпадает со своим списком (файлов в нём — {of})",
        "The site is not what its list of {of} files says",
    ),
    "verify_changed": ("Өзгерген файлдар: {n}", "Изменены: {n}", "Changed: {n}"),
    "verify_missing": ("Жоқ файлдар: {n}", "Нет на месте: {n}", "Missing: {n}"),
    "verify_extra": ("Тізімде жоқ файлдар: {n}", "Нет в списке: {n}", "Not on the list: {n}"),
    "verify_list": (
        "Файлдар тізімінің (site.sha256) SHA-256 мәні: {sha256}",
        "SHA-256 списка файлов (site.sha256): {sha256}",
        "SHA-256 of the list of files (site.sha256): {sha256}",
    ),
    "verify_own": (
        "Тізімнің өзі ауыстырылмағанын білу үшін осы мәнді сайтты жариялаған ұйым немесе басқа айна "
        "атаған мәнмен салыстырыңыз",
        "Чтобы убедиться, что не подменён сам список, сравните это значение с тем, что называет издатель "
        "сайта или другое зеркало",
        "To see that the list itself was not exchanged, compare this number with the one that the publisher "
        "or another mirror gives",
    ),
}


class Words:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._index = LANGUAGES.index(Language(language))

    def __call__(self, key: str, **values: object) -> str:
        """Give a phrase, with whole numbers grouped as the language writes them."""
        shown = {k: self.number(v) if isinstance(v, int) else v for k, v in values.items()}
        return _WORDS[key][self._index].format(**shown)

    def has(self, key: str) -> bool:
        """Tell whether there is a phrase of this name."""
        return key in _WORDS

    def number(self, value: int) -> str:
        """Write a whole number with its groups of three."""
        text = f"{value:,}".replace("-", "−")
        return text if self.language == "en" else text.replace(",", "\N{NO-BREAK SPACE}")

    def signed(self, value: int) -> str:
        """Write a difference by shape, sign and number: ``▲ +330``, ``▼ −140``."""
        if value == 0:
            return self("same")
        return f"▲ +{self.number(value)}" if value > 0 else f"▼ {self.number(value)}"

    def percent(self, part: int, whole: int) -> str:
        """Write a share with two decimals, rounded half up, exactly."""
        hundredths = (part * 20_000 + whole) // (2 * whole)
        text = f"{hundredths // 100}.{hundredths % 100:02d}"
        return text if self.language == "en" else text.replace(".", ",")
