"""Words of those who write a log, and of its witnesses, in Kazakh, Russian and English."""

from __future__ import annotations

from haq.cli.words_audit import AUDIT_WORDS

LOG_WORDS: dict[str, tuple[str, str, str]] = AUDIT_WORDS | {
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
        "Бірлескен қол қоюшыларды мына файлға жазыңыз: {file}",
        "Соподписантов впишите в файл: {file}",
        "Name the witnesses in: {file}",
    ),
    "log_appended": (
        "Жаңа жазбалар: {n}. Журналда бұрыннан бар: {held}. Журналдағы барлық жазба: {size}.",
        "Новых записей: {n}. Уже были в журнале: {held}. Всего в журнале: {size}.",
        "New entries: {n}. Already in the log: {held}. In the log now: {size}.",
    ),
    "log_ask_witnesses": (
        "Бірлескен қол қоюшылар: {of} ішінен {n} қол қойды; кемінде {needed} керек. Енді олардан қол сұрап, "
        "содан кейін сайтты жасаңыз: {command}",
        "Соподписанты: подписали {n} из {of}; нужно не меньше {needed}. Теперь запросите их подписи, затем "
        "стройте сайт: {command}",
        "Witnesses: {n} of {of} signed; at least {needed} are needed. Now ask them, then build the site: "
        "{command}",
    ),
    "log_files": (
        "Журнал жанында сақталған файлдар: {n}.",
        "Файлов сохранено рядом с журналом: {n}.",
        "Files kept beside the log: {n}.",
    ),
    "log_files_missing": (
        "Жазбаларда аталған, бірақ алынбаған файлдар: {n}. Мысалы:",
        "Файлов, названных в записях, но не полученных: {n}. Например:",
        "Files that entries name and that did not come: {n}. For example:",
    ),
    "log_photograph-tells-where": (
        "Жарияланбаған фотосуреттер: {n}. Оларда камера жазған деректер (орын, құрылғы, иесі) қалған. `haq "
        "check` оларды алып тастайды:",
        "Не опубликованы фотографии: {n}. В них осталось то, что записала камера: место, устройство, "
        "владелец. `haq check` это убирает:",
        "Photographs left out: {n}. They still carry what the camera noted: place, device, owner. `haq "
        "check` takes it out:",
    ),
    "log_photograph-damaged": (
        "Жарияланбаған фотосуреттер: {n}. Файл бүлінген, сондықтан ішінде не бары белгісіз:",
        "Не опубликованы фотографии: {n}. Файл повреждён, и нельзя сказать, что в нём:",
        "Photographs left out: {n}. They are damaged, so nobody can say what is in them:",
    ),
    "log_file-not-shown": (
        "Жарияланбаған файлдар: {n}. Ішін тексеруге болмайтын түрі; JPEG, PNG, WebP немесе PDF беріңіз:",
        "Не опубликованы файлы: {n}. Файл такого вида нельзя проверить; дайте JPEG, PNG, WebP или PDF:",
        "Files left out: {n}. Nobody can look into files of their kind; give JPEG, PNG, WebP or PDF:",
    ),
    "log_erased": (
        "Өшірілген файлдар (журналдағы шешім бойынша): {n}.",
        "Удалено файлов (по решению, записанному в журнале): {n}.",
        "Files erased, as the log asks: {n}.",
    ),
    "log_erased_none": (
        "Файл журнал жанында жоқ: өшіретін ештеңе болмады.",
        "Файла рядом с журналом нет: удалять было нечего.",
        "The file does not lie beside the log: there was nothing to erase.",
    ),
    "log_retracted_many": (
        "Қайтарып алынған жазбалар (берілген жазбаларда енді жоқ): {n}.",
        "Отозвано записей (их больше нет среди данных): {n}.",
        "Entries withdrawn, because they are no longer among these: {n}.",
    ),
    "log_restored": (
        "Қайтадан күшіне енген жазбалар: {n}.",
        "Снова действуют записи: {n}.",
        "Entries that stand again: {n}.",
    ),
    "log_gone": (
        "Журналда бар, бірақ берілген жазбаларда жоқ: {n}. Олар күшінде қалады. Қайтарып алу үшін: --retract "
        "СЕБЕП",
        "Есть в журнале, но нет среди данных записей: {n}. Они продолжают действовать. Чтобы отозвать их: "
        "--retract ПРИЧИНА",
        "In the log and not among these entries: {n}. They still stand. To withdraw them: --retract REASON",
    ),
    "log_withdrawn": (
        "Берілген жазбалардың ішінде журналдан қайтарып алынғаны: {n}. Күшін қайтару үшін: --retract СЕБЕП "
        "--restore",
        "Среди данных записей отозваны в журнале: {n}. Чтобы они снова действовали: --retract ПРИЧИНА "
        "--restore",
        "Of these entries, withdrawn in the log: {n}. To let them stand again: --retract REASON --restore",
    ),
    "log_retracted": (
        "{n}-жазба ({kind}) қайтарып алынды: бұл туралы {at}-жазба. Жазба журналда қалады, сайтта қайтарып "
        "алынған деп көрсетіледі.",
        "Запись {n} ({kind}) отозвана: об этом запись {at}. Она остаётся в журнале и показывается как "
        "отозванная.",
        "Entry {n} ({kind}) is withdrawn, by entry {at}. It stays in the log and is shown as withdrawn.",
    ),
    "log_equals": (
        "Онымен бірге дәл сондай {n} жазба қайтарып алынды.",
        "Вместе с ней отозваны точно такие же записи: {n}.",
        "With it, {n} entries that are exactly the same are withdrawn.",
    ),
    "log_redacted": (
        "{file} файлын өшіру туралы шешім жазылды: {at}-жазба. Файлдың хеші журналда қалады.",
        "Решение удалить файл {file} записано: запись {at}. Хеш файла остаётся в журнале.",
        "That the file {file} is erased stands in entry {at}. Its hash stays in the log.",
    ),
    "log_redacted_before": (
        "{file} файлын өшіру туралы шешім бұрын жазылған: {at}-жазба.",
        "Решение удалить файл {file} уже было записано: запись {at}.",
        "That the file {file} is erased stood already in entry {at}.",
    ),
    "log_redacted_elsewhere": (
        "Енді сайтты қайта жасаңыз. Айналар файлды келесі `haq log mirror` кезінде өшіреді; тезірек "
        "керек болса, иелеріне айтыңыз.",
        "Теперь постройте сайт заново. Зеркала удалят файл при следующем `haq log mirror`; если это срочно, "
        "скажите их владельцам.",
        "Now build the site again. Mirrors erase the file at their next `haq log mirror`; if it is urgent, "
        "tell whoever keeps them.",
    ),
    "log_redacted_source": (
        "Жазбалар алынған қалтада бұл файл әлі бар болуы мүмкін: оны өзіңіз өшіріңіз.",
        "В папке, из которой взяты записи, этот файл, возможно, ещё лежит: удалите его сами.",
        "The folder that the entries came from may still hold the file: remove it there yourself.",
    ),
    "log_later_withdrawn": (
        "Дәлелденбеді: жазба күшінде қалатыны. Оны кейінгі жазба қайтарып алуы мүмкін.",
        "Не доказано: что запись останется в силе. Её может отозвать более поздняя запись.",
        "Not proven: that the entry goes on standing. A later entry may withdraw it.",
    ),
    "log_withdrawn_by": (
        "ҚАЙТАРЫП АЛЫНҒАН: бұл туралы {n}-жазба. Себебі: {reason}",
        "ОТОЗВАНА записью {n}. Причина: {reason}",
        "WITHDRAWN by entry {n}: {reason}",
    ),
    "log_stands": (
        "Журналдың {size} жазбасының ешқайсысы оны қайтарып алмайды.",
        "Ни одна из записей журнала (всего {size}) её не отзывает.",
        "None of the {size} entries of the log withdraws it.",
    ),
    "log_withdrawn_unknown": (
        "Оны қайтарып алған жазба бар-жоғы тексерілмеді: журналды `haq log mirror` арқылы көшіріп, сол "
        "қалтада қайталаңыз.",
        "Отозвана ли она, не проверено: скопируйте журнал с помощью `haq log mirror` и повторите в той "
        "папке.",
        "Whether an entry withdraws it was not looked for: copy the log with `haq log mirror`, and ask "
        "there.",
    ),
    "log_promised": (
        "Міндеттеме жазылды: {at}-жазба. Енді бұл деректерді ешкім білдірмей өзгерте алмайды.",
        "Обязательство записано: запись {at}. Теперь никто не сможет незаметно изменить эти данные.",
        "The commitment stands in entry {at}. Nobody can change these data unnoticed any more.",
    ),
    "log_salt": (
        "Тұз: {file}. Оны тек сіз оқи аласыз. Оны және {data} файлын өзгертпей сақтаңыз: оларсыз ештеңе "
        "көрсете алмайсыз.",
        "Соль: {file}. Прочесть её можете только вы. Сохраните её и файл {data} без изменений: без них "
        "показать нечего.",
        "The salt: {file}. Only you can read it. Keep it and {data} as they are: without them nothing can be "
        "shown.",
    ),
    "log_shown": (
        "Уәде етілген деректер көрсетілді: {at}-жазба ({promised}-жазбадағы міндеттеме бойынша). "
        "Файл: {file}",
        "Обещанные данные показаны: запись {at} (по обязательству в записи {promised}). Файл: {file}",
        "The promised data are shown: entry {at}, as entry {promised} promised. File: {file}",
    ),
    "log_opens": ("{day} күнінен бастап", "с {day}", "from {day}"),
    "log_promise_waiting": ("әлі көрсетілген жоқ", "ещё не показано", "not shown yet"),
    "log_promise_kept": (
        "орындалды: көрсетілгені — уәде етілгеннің өзі",
        "выполнено: показано именно то, что обещано",
        "kept: what was shown is what was promised",
    ),
    "log_promise_broken": (
        "ОРЫНДАЛМАДЫ: көрсетілгені уәде етілген ЕМЕС",
        "НЕ ВЫПОЛНЕНО: показано НЕ то, что обещано",
        "BROKEN: what was shown is not what was promised",
    ),
    "log_promise_file-missing": (
        "көрсетілді, бірақ файл жоқ немесе өзгертілген: салыстыру мүмкін емес",
        "показано, но файла нет или он изменён: сравнить нельзя",
        "shown, but the file is not there as it was: nobody can tell",
    ),
    "log_promises": (
        "Міндеттемелер: {n}, орындалғаны: {kept}.",
        "Обязательств: {n}, выполнено: {kept}.",
        "Commitments: {n}, of which {kept} are kept.",
    ),
    "witness_secret": (
        "Құпия кілт: {file}. Оны тек сіз оқи аласыз. Көшірмесін басқа жерде сақтаңыз; оны білген адам "
        "бірлескен қол қоюшы атынан қол қоя алады.",
        "Секретный ключ: {file}. Прочесть его можете только вы. Храните копию в другом месте; кто его "
        "узнает, сможет подписывать от имени соподписанта.",
        "The secret key: {file}. Only you can read it. Keep a copy elsewhere; whoever learns it can sign "
        "in the name of the witness.",
    ),
    "witness_line": (
        "Журналдың ережесіне мына жолды қосыңыз (соңына мекенжайды жазыңыз):",
        "Добавьте в правила журнала эту строку (в конце — адрес):",
        "Add this line to the policy of the log (with the address at its end):",
    ),
    "witness_serving": (
        "«{name}» бірлескен қол қоюшысы мына мекенжайда: {address} (Ctrl-C тоқтатады)",
        "Соподписант «{name}» отвечает по адресу {address} (Ctrl-C завершит)",
        "The witness {name} answers at {address} (Ctrl-C ends it)",
    ),
}
