"""Words of those who check a log and copy it, in Kazakh, Russian and English."""

from __future__ import annotations

AUDIT_WORDS: dict[str, tuple[str, str, str]] = {
    "log_signed": (
        "«{log}» журналы: {n} жазба, журналдың қолы дұрыс",
        "Журнал «{log}»: записей {n}, подпись журнала верна",
        "Log {log}: {n} entries, signed by the log",
    ),
    "log_witnesses": (
        "Бірлескен қол қоюшылар: {of} ішінен {n} қол қойды; кемінде {needed} керек",
        "Соподписанты: подписали {n} из {of}; нужно не меньше {needed}",
        "Witnesses: {n} of {of} signed; at least {needed} are needed",
    ),
    "log_unsigned": ("қол қоймаған", "не подписал", "did not sign"),
    "log_alone": (
        "Бірлескен қол қоюшы жоқ: екі адамға екі түрлі журнал көрсетілсе, мұны ешкім байқамайды.",
        "Соподписантов нет: если двум людям показать два разных журнала, этого никто не заметит.",
        "No witnesses: nobody would notice if two people were shown two different logs.",
    ),
    "log_too_few": (
        "Қол қойғандар ереже талап еткеннен аз: басқа біреуге басқа журнал көрсетілуі мүмкін.",
        "Подписали меньше, чем требуют правила: кому-то другому могли показать другой журнал.",
        "Fewer signed than the policy asks for: somebody else may have been shown another log.",
    ),
    "log_proven": (
        "Дәлелденді: жазба журналда бар, орны — {n} (нөлден бастап), және содан бері өзгермеген.",
        "Доказано: запись есть в журнале, её место — {n} (считая с нуля), и с тех пор она не менялась.",
        "Proven: the entry is in the log, at place {n} (counted from 0), and was not changed since.",
    ),
    "log_leaf": (
        "Бұл — сайт беті көрсеткен жазбаның дәл өзі.",
        "Это именно та запись, которую показывает страница сайта.",
        "It is the very entry that the page of the site shows.",
    ),
    "log_not_proven": (
        "Дәлелденбеді: жазбаның шындыққа сай екені және оны кім жазғаны. Жазбаның мәтіні:",
        "Не доказано: что запись верна и кто её сделал. Текст записи:",
        "Not proven: that the entry is true, or who wrote it. The text of the entry:",
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
    "log_behind": (
        "Мұндағы жазбалардың өзі дұрыс, бірақ бұл — журналдың бүгінгі күйі емес.",
        "Сами записи здесь верны, но это не нынешнее состояние журнала.",
        "The entries here are sound, but this is not the log as it is now.",
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
    "log_shorter": (
        "{log}: осы журналдың бұрынғы күйі.",
        "{log}: более раннее состояние этого журнала.",
        "{log}: an earlier state of this log.",
    ),
    "log_wrong_forged-signature": (
        "ЖАЛҒАН ҚОЛ: бақылау түйініндегі журналдың қолы дұрыс емес — ол жалған немесе файл "
        "өзгертілген. Кімдікі:",
        "ПОДДЕЛКА: подпись журнала под контрольной точкой неверна — она поддельная, или файл изменён. Чья:",
        "FORGED: the log's signature under the checkpoint is wrong: it was forged, or the file was changed. "
        "Whose:",
    ),
    "log_wrong_forged-cosignature": (
        "ЖАЛҒАН ҚОЛ: бірлескен қол қоюшының қолы дұрыс емес — ол бұған қол қоймаған немесе файл өзгертілген. "
        "Кімдікі:",
        "ПОДДЕЛКА: подпись соподписанта неверна — он этого не подписывал, или файл изменён. Чья:",
        "FORGED: the signature of a witness is wrong: it did not sign this, or the file was changed. Whose:",
    ),
    "log_wrong_too-few-witnesses": (
        "Қол қойғандар ереже талап еткеннен аз: басқа біреуге басқа журнал көрсетілуі мүмкін.",
        "Подписали меньше, чем требуют правила: кому-то другому могли показать другой журнал.",
        "Fewer signed than the policy asks for: somebody else may have been shown another log.",
    ),
    "log_wrong_entry-changed": (
        "ӨЗГЕРТІЛГЕН ЖАЗБА: жарияланғаннан кейін біреу жазбаны өзгерткен:",
        "ИЗМЕНЕНА ЗАПИСЬ: кто-то изменил её после публикации:",
        "ENTRY CHANGED: somebody changed it after it was published:",
    ),
    "log_wrong_entry-removed": (
        "ЖОЙЫЛҒАН ЖАЗБА: жарияланған жазба журналдан алынып тасталған:",
        "УДАЛЕНА ЗАПИСЬ: опубликованную запись убрали из журнала:",
        "ENTRY REMOVED: an entry that was published was taken out:",
    ),
    "log_wrong_tile-changed": (
        "ӨЗГЕРТІЛГЕН ФАЙЛ: журнал ағашының файлы жазбаларға сай емес:",
        "ИЗМЕНЁН ФАЙЛ: файл дерева журнала не соответствует записям:",
        "FILE CHANGED: a file of the log's tree is not what the entries give:",
    ),
    "log_wrong_root-changed": (
        "ӨЗГЕРТІЛГЕН: жазбалар қол қойылған түбірге апармайды — бір нәрсе өзгертілген немесе жойылған:",
        "ИЗМЕНЕНО: записи не ведут к подписанному корню — что-то изменено или убрано:",
        "CHANGED: the entries do not lead to the signed root: something was changed or taken out:",
    ),
    "log_wrong_missing": (
        "ЖОҚ ФАЙЛ: журналдың файлы, демек ондағы жазбалар да жоқ:",
        "НЕТ ФАЙЛА: в журнале нет файла, а значит, и записей, которые в нём были:",
        "FILE MISSING: a file of the log is not there, and neither is what it held:",
    ),
    "log_wrong_damaged": (
        "БҮЛІНГЕН ФАЙЛ: кесілген немесе ішінде басқа нәрсе бар:",
        "ПОВРЕЖДЁН ФАЙЛ: он обрезан, или в нём другое:",
        "FILE DAMAGED: it is cut, or holds something else:",
    ),
    "log_wrong_file-changed": (
        "ӨЗГЕРТІЛГЕН ФАЙЛ: жазбада аталған файл енді басқа (хеші сай емес):",
        "ИЗМЕНЁН ФАЙЛ: файл, названный в записи, теперь другой (хеш не сходится):",
        "FILE CHANGED: a file that an entry names is another now (its hash does not fit):",
    ),
    "log_wrong_rolled-back": (
        "КЕЙІН ШЕГЕРІЛГЕН НЕМЕСЕ ЕСКІ: мына көшірмеде жазба көбірек. Егер бұл — өз көшірмеңіз болса, `haq "
        "log mirror` арқылы жаңартыңыз; егер жариялаушы осыны көрсетсе, жазбалар жойылған болуы мүмкін. "
        "Көбірегі:",
        "ОТКАТ ИЛИ СТАРАЯ КОПИЯ: в другой копии записей больше. Если это ваша копия, обновите её: `haq log "
        "mirror`; если это показывает издатель, записи могли убрать. Больше записей здесь:",
        "ROLLED BACK, OR OLD: another copy has more entries. If this is a copy of yours, bring it up to date "
        "with `haq log mirror`; if the publisher shows it, entries may have been taken back. More are in:",
    ),
    "log_wrong_split-view": (
        "ЕКІ ТҮРЛІ ЖУРНАЛ бір атпен, бір кілтпен: екі адамға екі түрлі журнал көрсетілген. Екеуінің "
        "checkpoint файлын сақтаңыз: олар — кез келген адамға дәлел. Екіншісі:",
        "ДВА РАЗНЫХ ЖУРНАЛА под одним именем и ключом: двум людям показали разное. Сохраните оба файла "
        "checkpoint: это доказательство для кого угодно. Второй:",
        "A SPLIT VIEW, two different logs under one name and key: two people were shown different things. "
        "Keep both checkpoint files: they prove it to anybody. The other:",
    ),
    "log_wrong_other-log": (
        "Бұл — басқа журнал, салыстыруға болмайды:",
        "Это другой журнал, сравнивать нечего:",
        "This is another log; there is nothing to compare:",
    ),
    "log_places": ("{places}-жазба", "запись {places}", "entry {places}"),
    "log_files_there": (
        "Журнал жанындағы файлдар: {n} файл орнында; {missing} файл жоқ.",
        "Файлы рядом с журналом: на месте {n}, нет {missing}.",
        "Files beside the log: {n} are there as they were, {missing} are not there.",
    ),
    "log_not_erased": (
        "Өшірілуі тиіс, бірақ әлі жатқан файлдар: {n}. Оларды `haq log mirror` немесе `haq log "
        "rebuild` өшіреді.",
        "Должны быть удалены, но всё ещё лежат файлы: {n}. Их удалит `haq log mirror` или `haq log rebuild`.",
        "Files that were redacted and still lie here: {n}. `haq log mirror` or `haq log rebuild` "
        "erases them.",
    ),
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
}
