"""What lies beside ``election.toml`` in the folder for ``haq check``, in three languages."""

README = """\
English
-------
The published figures as an election that haq reads as it is:

    haq check FOLDER

gives the sums, differences, findings and seats of the bulletin. Each file source-*.csv holds one
published source, every figure as it was published. An empty cell was empty in the source; "нрзб" could
not be read; "different" was read in two ways. Lines keep the row numbers of the source; a blank line
stands for a row that was not published. Rows that haq refused in the source itself are not here, so the
sum over an area with such a row may read as broken, and the rows that haq counts are fewer. Photographs
are not in here either. Cells are exact: a spreadsheet may run a text that begins with = + - or @; open
such files as text.

Қазақша
-------
Жарияланған сандар — haq сол күйінде оқитын сайлау түрінде:

    haq check ҚАЛТА

бюллетеньдегі қосындыларды, айырмаларды, сәйкессіздіктерді және мандаттарды қайта есептейді. Әрбір
source-*.csv файлы — жарияланған бір дереккөз, барлық сандар жарияланған күйінде. Бос ұяшық дереккөзде
де бос болған; «нрзб» — оқылмаған сан; «different» — екі түрлі оқылған сан. Жолдар дереккөздегі нөмірін
сақтайды; бос жол — жарияланбаған жолдың орны. haq дереккөздің өзінен қабылдамаған жолдар мұнда жоқ,
сондықтан ондай жолы бар аумақтың қосындысы сәйкес келмейтін болып көрінуі мүмкін, ал жолдардың саны
азырақ. Фотосуреттер де мұнда жоқ. Ұяшықтар өзгертілмеген: = + - @ таңбаларынан басталатын мәтінді
кестелік бағдарлама формула ретінде орындауы мүмкін; мұндай файлдарды мәтін ретінде ашыңыз.

Русский
-------
Опубликованные цифры в виде выборов, которые haq читает как есть:

    haq check ПАПКА

пересчитывает суммы, расхождения и мандаты бюллетеня. Каждый файл source-*.csv — один опубликованный
источник, все цифры такие, какими были опубликованы. Пустая клетка была пуста и в источнике; «нрзб» — не
удалось прочесть; «different» — прочтено по-разному. Строки сохраняют номера источника; пустая строка
стоит на месте неопубликованной. Строк, которые haq не принял в самом источнике, здесь нет, поэтому
сумма по территории с такой строкой может показаться неверной, и строк насчитывается меньше. Фотографий
здесь тоже нет. Клетки не изменены: текст, который начинается с = + - или @, табличная программа может
выполнить; открывайте такие файлы как текст.
"""
