"""Words of ``haq log`` and ``haq witness`` in Kazakh, Russian and English."""

from __future__ import annotations

LOG_WORDS: dict[str, tuple[str, str, str]] = {
    "log_begun": (
        "Журнал басталды: {log}\nАшық кілті (жариялаңыз): {public}",
        "Журнал начат: {log}\nЕго открытый ключ (опубликуйте его): {public}",
        "The log has begun: {log}\nIts public key (publish it): {public}",
    ),
    "log_secret": (
        "Құпия кілт: {file}. Оны тек сіз оқи аласыз. Көшірмесін басқа жерде сақтаңыз; оны білген адам "
        "журнал атынан қол қоя алады.",
        "Секретный ключ: {file}. Прочесть его можете только вы. Храните копию в другом месте; кто его "
        "узнает, сможет подписывать от имени журнала.",
        "The secret key: {file}. Only you can read it. Keep a copy elsewhere; whoever learns it can sign "
        "in the log's name.",
    ),
    "log_policy": (
        "Куәгерлерді мына файлға жазыңыз: {file}",
        "Свидетелей впишите в файл: {file}",
        "Name the witnesses in: {file}",
    ),
    "log_signed": (
        "«{log}» журналы: {n} жазба, журналдың қолы дұрыс",
        "Журнал «{log}»: записей {n}, подпись журнала верна",
        "Log {log}: {n} entries, signed by the log",
    ),
    "log_witnesses": (
        "Куәгерлер: {of} ішінен {n} қол қойды; кемінде {needed} керек",
        "Свидетели: подписали {n} из {of}; нужно не меньше {needed}",
        "Witnesses: {n} of {of} signed; at least {needed} are needed",
    ),
    "log_unsigned": ("қол қоймаған", "не подписал", "did not sign"),
    "log_alone": (
        "Куәгер жоқ: екі адамға екі түрлі журнал көрсетілсе, мұны ешкім байқамайды.",
        "Свидетелей нет: если двум людям показать два разных журнала, этого никто не заметит.",
        "No witnesses: nobody would notice if two people were shown two different logs.",
    ),
    "log_appended": (
        "Жаңа жазбалар: {n}. Журналда бұрыннан бар: {held}. Журналдағы барлық жазба: {size}.",
        "Новых записей: {n}. Уже были в журнале: {held}. Всего в журнале: {size}.",
        "New entries: {n}. Already in the log: {held}. In the log now: {size}.",
    ),
    "log_files": (
        "Журнал жанында сақталған файлдар: {n}.",
        "Файлов сохранено рядом с журналом: {n}.",
        "Files kept beside the log: {n}.",
    ),
    "log_files_missing": (
        "Жазбаларда аталған, бірақ табылмаған файлдар: {n}.",
        "Файлов, названных в записях, но не найденных: {n}.",
        "Files that entries name and that were not found: {n}.",
    ),
    "log_gone": (
        "Журналда бар, бірақ берілген жазбаларда жоқ: {n}. Олар журналда қалады.",
        "Есть в журнале, но нет среди данных записей: {n}. В журнале они остаются.",
        "In the log and not among these entries: {n}. They stay in the log.",
    ),
    "log_proven": (
        "Жазба журналда бар, орны — {n} (нөлден бастап).",
        "Запись есть в журнале, её место — {n} (считая с нуля).",
        "The entry is in the log, at place {n} (counted from 0).",
    ),
    "log_sound": (
        "Бәрі дұрыс: әр жазба мен әр файл қол қойылған түбірге апарады.",
        "Всё верно: каждая запись и каждый файл дерева ведут к подписанному корню.",
        "All is well: every entry and every tile leads to the signed root.",
    ),
    "log_unsound": (
        "Бұл журналға сенуге болмайды: себебі жоғарыда.",
        "Этому журналу верить нельзя: причина названа выше.",
        "This log cannot be believed: the reason stands above.",
    ),
    "log_own_policy": (
        "Ереже журналдың өзінен алынды; оны журналды өзгерте алатын адам өзгерте алады. Сенетініңізді "
        "--policy арқылы беріңіз.",
        "Правила взяты из самого журнала; их может изменить тот, кто может изменить журнал. Укажите те, "
        "которым верите: --policy.",
        "The policy came from the log itself, and who can change the log can change it. Give the one you "
        "trust with --policy.",
    ),
    "log_equal": ("{log}: дәл сол журнал.", "{log}: тот же самый журнал.", "{log}: the very same log."),
    "log_longer": (
        "{log}: осы журналды жалғастырады.",
        "{log}: продолжает этот журнал.",
        "{log}: continues this log.",
    ),
    "log_shorter": (
        "{log}: осы журналдың бұрынғы күйі.",
        "{log}: более раннее состояние этого журнала.",
        "{log}: an earlier state of this log.",
    ),
    "log_fork": (
        "{log}: бір атпен екі түрлі журнал. Екеуінің қол қойылған checkpoint файлын сақтаңыз: олар дәлел.",
        "{log}: два разных журнала под одним именем. Сохраните оба подписанных файла checkpoint: это "
        "доказательство.",
        "{log}: two different logs under one name. Keep both signed checkpoint files: they prove it.",
    ),
    "log_other": ("{log}: басқа журнал.", "{log}: другой журнал.", "{log}: another log."),
    "log_mirrored": (
        "Жаңа жазбалар: {n}. Жаңа файлдар: {files}.",
        "Новых записей: {n}. Новых файлов: {files}.",
        "New entries: {n}. New files: {files}.",
    ),
    "log_first_policy": (
        "Ереже журналдың өзінен бірінші рет алынып, мына файлда сақталды: {file}. Кілтін серіктес ұйымдар "
        "жариялағанмен салыстырыңыз.",
        "Правила впервые взяты из самого журнала и сохранены в {file}. Сверьте ключ с тем, который "
        "опубликовали партнёрские организации.",
        "The policy came from the log itself this first time and was kept in {file}. Compare its key with "
        "the one that partner organisations publish.",
    ),
    "witness_line": (
        "Журналдың ережесіне мына жолды қосыңыз (соңына мекенжайды жазыңыз):",
        "Добавьте в правила журнала эту строку (в конце — адрес):",
        "Add this line to the policy of the log (with the address at its end):",
    ),
    "witness_serving": (
        "«{name}» куәгері мына мекенжайда: {address} (Ctrl-C тоқтатады)",
        "Свидетель «{name}» отвечает по адресу {address} (Ctrl-C завершит)",
        "The witness {name} answers at {address} (Ctrl-C ends it)",
    ),
}
