using CrossModalVae.Corpora;

namespace CrossModalVae.Tests.Corpora;

public sealed class VoxCeleb1CorpusTests : IDisposable
{
    private const string Meta =
        "VoxCeleb1 ID\tVGGFace1 ID\tGender\tNationality\tSet\n"
        + "id10001\tA.J._Buckley\tm\tIreland\tdev\nid10002\tA.R._Rahman\tm\tIndia\tdev\n"
        + "id10003\tZoe_X\tf\tUSA\ttest\nid10004\tNo_Body\tf\tUSA\tdev\n";

    private readonly TemporaryFolder _folder = new();

    public VoxCeleb1CorpusTests()
    {
        _folder.Write("vox1_meta.csv", Meta);
        Make("wav/id10001/vid1/00001.wav", "wav/id10001/vid1/00002.wav", "wav/id10001/vid2/00001.wav", "wav/id10001/vid2/notes.txt");
        Make("wav/id10002/vid3/00001.wav", "wav/id10003/vid4/00007.wav", "wav/id99999/vid9/00001.wav");
        for (int frame = 0; frame < 5; frame++)
        {
            Make($"unzippedFaces/A.J._Buckley/1.6/vid1/000{frame}.jpg");
        }

        Make("unzippedFaces/A.J._Buckley/1.6/vid8/0001.jpg", "unzippedFaces/Zoe_X/1.6/vid4/0001.jpg");
    }

    private string ManifestPath => _folder["manifest.jsonl"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_NoSplitFile_GoesBySetAndCountsWhatIsMissing()
    {
        CorpusBuildReport report = Write(null);
        Manifest manifest = ManifestReader.Read(ManifestPath);

        Assert.Equal(
            ["id10001/vid1/00001", "id10001/vid1/00002", "id10001/vid2/00001", "id10002/vid3/00001", "id10003/vid4/00007"],
            manifest.Clips.Select(clip => clip.Key));
        Clip first = manifest.Clips[0];
        Assert.Equal("wav/id10001/vid1/00001.wav", first.Voice);
        Assert.Equal(("m", "Ireland"), (first.Gender, first.Nationality));
        Assert.Equal(["0000.jpg", "0002.jpg", "0004.jpg"], first.Faces.Select(Path.GetFileName));
        Assert.Equal(["0001.jpg", "0003.jpg"], manifest.Clips[1].Faces.Select(Path.GetFileName));
        Assert.Equal("unzippedFaces/A.J._Buckley/1.6/vid1/0001.jpg", manifest.Clips[1].Faces[0]);
        Assert.Empty(manifest.Clips[2].Faces);
        Assert.Equal(CorpusSplit.Test, manifest.Clips[4].Split);
        Assert.All(manifest.Clips.Take(4), clip => Assert.NotEqual(CorpusSplit.Test, clip.Split));
        Assert.Equal((3, 5, 5, 3, 3), (report.IdentityCount, report.ClipCount, report.VoiceCount, report.FaceCount, report.PairCount));
        Assert.Equal(
            [
                "voice folders of nobody in the list of people, left out: 1 (id99999)",
                "people without a voice folder, left out: 1 (id10004)",
                "files that are no voice, left out: 1 (wav/id10001/vid2/notes.txt)",
                "videos with a voice and without frames: 2 (id10001/vid2 id10002/vid3)",
                "videos with frames and without a voice, left out: 1 (A.J._Buckley/vid8)",
                "people without a face folder: 1 (id10002 A.R._Rahman)",
            ],
            Notices(report));
    }

    [Fact]
    public void Write_IdentitySplit_IsTakenAsItIs()
    {
        string split = _folder.Write("split.txt", "A.J._Buckley 2 \r\nid10002 1 \r\n");

        CorpusBuildReport report = Write(split);

        Assert.Equal(
            [CorpusSplit.Validation, CorpusSplit.Validation, CorpusSplit.Validation, CorpusSplit.Train],
            ManifestReader.Read(ManifestPath).Clips.Select(clip => clip.Split));
        Assert.Contains("people whom the split file does not name, left out: 1 (id10003)", Notices(report));
    }

    [Fact]
    public void Write_OfficialUtteranceSplit_ChoosesUtterancesAndNeverDividesAPerson()
    {
        string split = _folder.Write(
            "iden_split.txt",
            "1 id10001/vid1/00001.wav\n3 id10001/vid2/00001.wav\n2 id10002/vid3/00001.wav\n"
            + "3 id10003/vid4/00007.wav\n1 id10003/vid4/00099.wav\n");

        CorpusBuildReport report = Write(split);
        Manifest manifest = ManifestReader.Read(ManifestPath);

        Assert.Equal(
            ["id10001/vid1/00001", "id10001/vid2/00001", "id10002/vid3/00001", "id10003/vid4/00007"],
            manifest.Clips.Select(clip => clip.Key));
        Assert.Single(manifest.Clips.Where(clip => clip.Identity == "id10001").Select(clip => clip.Split).Distinct());
        Assert.Equal(CorpusSplit.Validation, manifest.Clips[2].Split);
        Assert.Equal(
            [
                "people whose utterances the split file divides, dealt to one split by share and seed: 2 (id10001 id10003)",
                "utterances of the split file without a voice file: 1 (id10003/vid4/00099)",
                "utterances that the split file does not name, left out: 1 (id10001/vid1/00002.wav)",
            ],
            Notices(report).Where(notice => notice.Contains("split file", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("A.J._Buckley 3\n",
        "line 1: 'A.J._Buckley' is in part 3, seen-heard test; expected 1, 2 or 4: a person seen in training cannot be tested on.")]
    [InlineData("\nA.J._Buckley x\n",
        "line 2: the part of 'A.J._Buckley' is \"x\"; expected 1 (train), 2 (validation) or 4 (unseen-unheard test).")]
    [InlineData("A.J._Buckley\n", "line 1: has 1 words; expected 2: a name and its part, or a part and its utterance.")]
    [InlineData("A 1\nA 1\n", "line 2: 'A' is given twice; expected once.")]
    [InlineData("4 id10001/vid1/00001.wav\n",
        "line 1: the part of 'id10001/vid1/00001.wav' is \"4\"; expected 1 (train), 2 (validation) or 3 (test).")]
    [InlineData("1 vid1/00001.wav\n", "line 1: found \"vid1/00001.wav\"; expected id/video/number.wav.")]
    [InlineData("\n", "is empty; expected an identity split (\"Name 1\") or iden_split.txt (\"1 id/video/number.wav\").")]
    public void Write_BrokenSplitFile_NamesFileAndLine(string text, string message)
    {
        string split = _folder.Write("split.txt", text);

        var e = Assert.Throws<InvalidDataException>(() => Write(split));

        Assert.Equal($"{split}: {message}", e.Message);
        Assert.False(File.Exists(ManifestPath));
    }

    [Theory]
    [InlineData("VoxCeleb1 ID,VGGFace1 ID,Gender,Set\n",
        "line 1: has no column 'Nationality'; expected 'VoxCeleb1 ID', 'VGGFace1 ID', 'Gender', "
        + "'Nationality' and 'Set', separated by tabs or commas.")]
    [InlineData("VoxCeleb1 ID,VGGFace1 ID,Gender,Nationality,Set\nid1,A,m,USA\n", "line 2: has 4 columns; expected 5, as the header has.")]
    [InlineData("VoxCeleb1 ID,VGGFace1 ID,Gender,Nationality,Set\nid1,A,male,USA,dev\n",
        "line 2: 'Gender' is \"male\"; expected m, f or nothing.")]
    [InlineData("VoxCeleb1 ID,VGGFace1 ID,Gender,Nationality,Set\nid1,A,m,USA,train\n",
        "line 2: 'Set' is \"train\"; expected dev or test.")]
    [InlineData("VoxCeleb1 ID,VGGFace1 ID,Gender,Nationality,Set\nid1,A,m,USA,dev\nid1,B,m,USA,dev\n",
        "line 3: 'id1' is given twice, first on line 2; expected once.")]
    [InlineData("VoxCeleb1 ID,VGGFace1 ID,Gender,Nationality,Set\n", "names nobody; expected a person a line below the header.")]
    public void Write_BrokenMeta_NamesFileAndLine(string text, string message)
    {
        string meta = _folder.Write("vox1_meta.csv", text);

        var e = Assert.Throws<InvalidDataException>(() => Write(null));

        Assert.Equal($"{meta}: {message}", e.Message);
    }

    [Fact]
    public void Write_CommaSeparatedMeta_IsRead()
    {
        _folder.Write("vox1_meta.csv", "\uFEFF" + Meta.Replace('\t', ',').Replace("\n", "\r\n", StringComparison.Ordinal));

        Write(null);

        Assert.Equal("Ireland", ManifestReader.Read(ManifestPath).Clips[0].Nationality);
    }

    [Fact]
    public void Write_NoVoices_SaysSo()
    {
        Directory.Delete(_folder["wav"], recursive: true);

        var e = Assert.Throws<DirectoryNotFoundException>(() => Write(null));

        Assert.Equal(
            $"{_folder.Root}: has no folder of voices; expected wav, aac, m4a, flac, dev/wav, test/wav, dev/aac, test/aac, "
            + "with id/video/number.wav (or .m4a, .flac, ...).",
            e.Message);
    }

    [Fact]
    public void Write_VoicesOfOtherKinds_AreTakenAndNobodyVanishes()
    {
        File.Delete(_folder["wav/id10001/vid1/00001.wav"]);
        File.Delete(_folder["wav/id10002/vid3/00001.wav"]);
        File.Delete(_folder["wav/id10003/vid4/00007.wav"]);
        Make("wav/id10001/vid1/00001.m4a", "wav/id10002/vid3/00001.FLAC", "wav/id10003/vid4/readme.txt");
        string split = _folder.Write(
            "iden_split.txt",
            "1 id10001/vid1/00001.wav\n1 id10001/vid1/00002.wav\n2 id10002/vid3/00001.wav\n3 id10003/vid4/00007.wav\n");

        CorpusBuildReport report = Write(split);

        Assert.Equal(
            ["wav/id10001/vid1/00001.m4a", "wav/id10001/vid1/00002.wav", "wav/id10002/vid3/00001.FLAC"],
            ManifestReader.Read(ManifestPath).Clips.Select(clip => clip.Voice));
        string[] notices = [.. Notices(report)];
        Assert.Contains("utterances of the split file without a voice file: 1 (id10003/vid4/00007)", notices);
        Assert.Contains("people of whom no clip is left, left out: 1 (id10003)", notices);
        Assert.Contains("files that are no voice, left out: 2 (wav/id10001/vid2/notes.txt wav/id10003/vid4/readme.txt)", notices);
    }

    [Fact]
    public void Write_VoxCeleb2Layout_IsRead()
    {
        File.Delete(_folder["vox1_meta.csv"]);
        _folder.Write(
            "vox2_meta.csv", "VoxCeleb2 ID ,VGGFace2 ID ,Gender ,Set \nid00012 ,n000012 ,m ,dev \nid00015 ,n000015 ,f ,test \n");
        Directory.Delete(_folder["wav"], recursive: true);
        Directory.Delete(_folder["unzippedFaces"], recursive: true);
        Make("dev/aac/id00012/vid 1/00001.m4a", "dev/aac/id00012/vid 1/00002.m4a", "test/aac/id00015/vid2/00003.m4a");
        Make("dev/mp4/id00012/vid 1/00001/0001.jpg", "dev/mp4/id00012/vid 1/00001/0002.jpg", "dev/mp4/id00012/vid 1/00009/0001.jpg");
        Make("dev/mp4/id00012/vid 1/00002.mp4", "test/mp4/id00015/vid2/00003.mp4");

        CorpusBuildReport report = Write(null);
        Manifest manifest = ManifestReader.Read(ManifestPath);

        Assert.Equal(["id00012/vid 1/00001", "id00012/vid 1/00002", "id00015/vid2/00003"], manifest.Clips.Select(clip => clip.Key));
        Assert.Equal("dev/aac/id00012/vid 1/00001.m4a", manifest.Clips[0].Voice);
        Assert.Equal(
            ["dev/mp4/id00012/vid 1/00001/0001.jpg", "dev/mp4/id00012/vid 1/00001/0002.jpg"], manifest.Clips[0].Faces);
        Assert.Empty(manifest.Clips[1].Faces);
        Assert.Equal(("m", CorpusSplit.Test), (manifest.Clips[0].Gender, manifest.Clips[2].Split));
        Assert.Equal(
            [
                "face videos, left out: extract their frames as jpg or png first: 2 "
                    + "(dev/mp4/id00012/vid 1/00002.mp4 test/mp4/id00015/vid2/00003.mp4)",
                "utterances with frames and without a voice, left out: 1 (n000012/vid 1/00009)",
                "videos with a voice and without frames: 1 (id00015/vid2)",
            ],
            Notices(report));
    }

    [Fact]
    public void Write_UtteranceInSeveralFiles_TakesTheWavOrSaysThatItCannot()
    {
        Make("wav/id10001/vid1/00001.m4a", "aac/id10001/vid1/00001.m4a", "aac/id10001/vid1/00003.m4a", "wav/id10001/vid1/00003.m4a");
        Make("wav/id10001/stray.wav", "wav/stray.wav", "wav/id10001/vid1/deep/00009.wav", "unzippedFaces/A.J._Buckley/1.6/vid1/x.gif");

        CorpusBuildReport report = Write(null);

        Assert.Equal(
            ["id10001/vid1/00001", "id10001/vid1/00002", "id10001/vid2/00001"],
            ManifestReader.Read(ManifestPath).Clips.Where(clip => clip.Identity == "id10001").Select(clip => clip.Key));
        string[] notices = [.. Notices(report)];
        Assert.Contains(
            "voice files beside an utterance's voice, left out: 2 (wav/id10001/vid1/00001.m4a aac/id10001/vid1/00001.m4a)", notices);
        Assert.Contains(
            "utterances with more than one voice file of a kind, left out: 1 "
            + "(id10001/vid1/00003: wav/id10001/vid1/00003.m4a and aac/id10001/vid1/00003.m4a)",
            notices);
        Assert.Contains("files outside the folder of a video, left out: 2 (wav/stray.wav wav/id10001/stray.wav)", notices);
        Assert.Contains("folders inside the folder of a video, left out: 1 (wav/id10001/vid1/deep)", notices);
        Assert.Contains("files that are no picture, left out: 1 (unzippedFaces/A.J._Buckley/1.6/vid1/x.gif)", notices);
    }

    [Fact]
    public void Write_ManifestElsewhere_HasTheTreeAsItsRootAlsoWhenResumed()
    {
        string path = Path.Combine(_folder.Root, "..", Path.GetFileName(_folder.Root) + "-out", "m.jsonl");
        try
        {
            Corpus().Write(path);
            byte[] whole = File.ReadAllBytes(path);
            File.Delete(path);
            for (int stopAfter = 1; stopAfter <= 2; stopAfter++)
            {
                using var stop = new CancellationTokenSource();
                var people = new Progress(done => Cancel(done.DoneIdentities == stopAfter, stop));
                Assert.Throws<OperationCanceledException>(() => Corpus().Write(path, progress: people, cancellationToken: stop.Token));

                Corpus().Write(path, resume: true);

                Assert.Equal(whole, File.ReadAllBytes(path));
                File.Delete(path);
            }

            File.WriteAllBytes(path, whole);
            Manifest manifest = ManifestReader.Read(path);
            Assert.Equal(_folder.Root, manifest.Folder);
            Assert.All(manifest.Clips, clip => Assert.True(File.Exists(manifest.VoicePath(clip))));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    [Theory]
    [InlineData(10, 0, 3, 8, "0 3 6 9")]
    [InlineData(10, 2, 3, 8, "2 5 8")]
    [InlineData(10, 0, 1, 2, "2 7")]
    [InlineData(2, 3, 5, 8, "1")]
    [InlineData(0, 0, 5, 8, "")]
    public void Deal_Frames_AreSharedOutInTurnAndThinnedEvenly(int frames, int utterance, int utterances, int most, string expected)
    {
        string[] names = [.. Enumerable.Range(0, frames).Select(i => $"{i}")];

        Assert.Equal(expected, string.Join(' ', VoxCeleb1Corpus.Deal(names, utterance, utterances, most)));
    }

    [SkippableFact]
    public void ReadPeopleAndSplit_PublishedLists_CoverAllPeople()
    {
        string lists = Path.Combine(Fixtures.Shared, "voxceleb1-lists");
        Skip.IfNot(Directory.Exists(lists), "the published lists are not on this machine");

        IReadOnlyList<VoxCeleb1Lists.Person> people = VoxCeleb1Lists.ReadPeople(Path.Combine(lists, "vox1_meta.csv"));
        string split = Path.Combine(lists, "Splits", "identity_splits.txt");
        IReadOnlyDictionary<string, CorpusSplit> splits = VoxCeleb1Lists.ReadIdentitySplit(split);

        Assert.False(VoxCeleb1Lists.ListsUtterances(split));
        Assert.Equal(1251, people.Count);
        Assert.Equal(40, people.Count(person => person.InTestSet));
        Assert.Equal(690, people.Count(person => person.Gender == "m"));
        Assert.Equal(901, people.Count(person => splits[person.Name] == CorpusSplit.Train));
        Assert.Equal(100, people.Count(person => splits[person.Name] == CorpusSplit.Validation));
        Assert.Equal(250, people.Count(person => splits[person.Name] == CorpusSplit.Test));
    }

    [Fact]
    public void Write_StoppedAnywhere_ResumesToTheSameBytesAndReport()
    {
        CorpusBuildReport whole = Write(null);
        byte[] expected = File.ReadAllBytes(ManifestPath);
        File.Delete(ManifestPath);
        for (int stopAfter = 1; stopAfter <= 3; stopAfter++)
        {
            using var stop = new CancellationTokenSource();
            var people = new Progress(done => Cancel(done.DoneIdentities == stopAfter, stop));

            Exception? stopped = Record.Exception(() => Corpus().Write(ManifestPath, progress: people, cancellationToken: stop.Token));
            CorpusBuildReport resumed = stopAfter < 3 ? Corpus().Write(ManifestPath, resume: true) : whole;

            Assert.Equal(stopAfter < 3 ? typeof(OperationCanceledException) : null, stopped?.GetType());
            Assert.Equal(expected, File.ReadAllBytes(ManifestPath));
            Assert.Equal(Notices(whole), Notices(resumed));
            Assert.Equal(whole with { Notices = [], ClipsPerSplit = resumed.ClipsPerSplit }, resumed with { Notices = [] });
            Assert.Equal(whole.ClipsPerSplit, resumed.ClipsPerSplit);
            Assert.Empty(Directory.GetFiles(_folder.Root, "*.partial*"));
            File.Delete(ManifestPath);
        }
    }

    [Fact]
    public void Write_JournalCutAnywhere_ResumesToTheSameBytes()
    {
        // A killed process leaves a prefix of what it wrote, at any byte.
        Write(null);
        byte[] expected = File.ReadAllBytes(ManifestPath);
        File.Delete(ManifestPath);
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Corpus().Write(
            ManifestPath, progress: new Progress(done => Cancel(done.DoneIdentities == 2, stop)), cancellationToken: stop.Token));
        byte[] lines = File.ReadAllBytes(ManifestPath + ".partial");
        byte[] done = File.ReadAllBytes(ManifestPath + ".partial.done");
        const int Step = 7; // every byte would take many times as long and meet the same cases
        for (int cut = 0; cut <= done.Length; cut += Step)
        {
            File.WriteAllBytes(ManifestPath + ".partial.done", done[..cut]);
            File.WriteAllBytes(ManifestPath + ".partial", lines[..(cut % 5 == 0 ? lines.Length * cut / done.Length : lines.Length)]);

            Corpus().Write(ManifestPath, resume: true);

            Assert.Equal(expected, File.ReadAllBytes(ManifestPath));
            File.Delete(ManifestPath);
        }
    }

    [Fact]
    public void Write_ResumeWithNothingOrAnotherRun_IsRefused()
    {
        var nothing = Assert.Throws<InvalidDataException>(() => Corpus().Write(ManifestPath, resume: true));
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Corpus().Write(
            ManifestPath, progress: new Progress(done => Cancel(done.DoneIdentities == 1, stop)), cancellationToken: stop.Token));

        var other = Assert.Throws<InvalidDataException>(
            () => new VoxCeleb1Corpus(new VoxCeleb1Options { Root = _folder.Root, FacesPerClip = 1 }).Write(ManifestPath, resume: true));
        File.WriteAllText(ManifestPath + ".partial", "{}" + File.ReadAllText(ManifestPath + ".partial"));
        var broken = Assert.Throws<InvalidDataException>(() => Corpus().Write(ManifestPath, resume: true));

        Assert.Equal($"{ManifestPath}: there is no stopped run to go on with; run without --resume.", nothing.Message);
        Assert.Equal(
            $"{ManifestPath}.partial.done: is of another run; expected the same corpus, lists and options. "
            + "Run without --resume to start anew.",
            other.Message);
        Assert.StartsWith($"{ManifestPath}.partial: line 1", broken.Message, StringComparison.Ordinal);
        Assert.EndsWith(" Run without --resume to start anew.", broken.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "'bytes' is missing.")]
    [InlineData("[]", "'bytes' is missing.")]
    [InlineData("null", "'bytes' is missing.")]
    [InlineData("{\"bytes\": 0}", "'identity' is missing.")]
    [InlineData("{\"bytes\": -1}", "'bytes' is -1; expected at least 0, what earlier lines say.")]
    [InlineData("{\"bytes\": \"many\"}", "'bytes' is \"many\"; expected ")]
    [InlineData("{\"bytes\": 0, \"identity\": 3, \"notices\": []}", "'identity' is 3; expected a string.")]
    [InlineData("{\"bytes\": 0, \"identity\": \"a\", \"notices\": [null]}", "'notices[0].what' is missing.")]
    [InlineData("{\"bytes\": 0, \"bytes\": 1}", "")] // whatever the parser says
    [InlineData("what is this", "")]
    public void Write_JournalMalformed_NamesFileAndLine(string line, string fault)
    {
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Corpus().Write(
            ManifestPath, progress: new Progress(done => Cancel(done.DoneIdentities == 1, stop)), cancellationToken: stop.Token));
        string journal = ManifestPath + ".partial.done";
        File.WriteAllText(journal, $"{File.ReadLines(journal).First()}\n{line}\n");

        var error = Assert.Throws<InvalidDataException>(() => Corpus().Write(ManifestPath, resume: true));

        Assert.StartsWith($"{journal}: line 2{(fault.Length > 0 ? ": " : "")}{fault}", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(" Run without --resume to start anew.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private static void Cancel(bool now, CancellationTokenSource source)
    {
        if (now)
        {
            source.Cancel();
        }
    }

    private VoxCeleb1Corpus Corpus() => new(new VoxCeleb1Options { Root = _folder.Root });

    private sealed class Progress(Action<CorpusBuildProgress> heard) : IProgress<CorpusBuildProgress>
    {
        public void Report(CorpusBuildProgress value) => heard(value);
    }

    private CorpusBuildReport Write(string? splitFile) =>
        new VoxCeleb1Corpus(new VoxCeleb1Options { Root = _folder.Root, SplitFile = splitFile }).Write(ManifestPath);

    private static IEnumerable<string> Notices(CorpusBuildReport report) =>
        report.Notices.Select(notice => $"{notice.What}: {notice.Count} ({string.Join(' ', notice.Examples)})");

    private void Make(params string[] files)
    {
        foreach (string file in files)
        {
            _folder.Write(file, "x");
        }
    }
}
