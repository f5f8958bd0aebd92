using CrossModalVae.Corpora;
using CrossModalVae.Evaluation.Trials;

namespace CrossModalVae.Tests.Evaluation.Trials;

public sealed class VoxCeleb1TrialsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Excerpts => Path.Combine(Path.GetDirectoryName(Fixtures.Grid)!, "voxceleb1-lists");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_Excerpts_BecomesOurTrials()
    {
        string path = _folder["trials.jsonl"];

        IReadOnlyList<VoxCeleb1TrialList> lists = new VoxCeleb1Trials(new VoxCeleb1TrialOptions { Lists = Excerpts }).Write(path);
        Trial[] trials = [.. TrialReader.Read(path)];

        Assert.Equal(
            [
                "Verification GNA-unseen-unheard   6",
                "Verification random-seen-heard   4",
                "Matching U FaceToVoice  3",
                "Matching GN VoiceToFace  3",
                "Retrieval 20k  Face 3", "Retrieval 20k  Voice 3",
            ],
            lists.Select(list => $"{list.Kind} {list.Stratum} {list.Direction} {list.Modality} {list.TrialCount}"));
        Assert.Equal(22, trials.Length);
        Assert.Equal(
            new VerificationTrial(new ClipKey("id10002", "gaQqIoV_aLY/00002"), new ClipKey("id10956", "M2k_enZdWu4/0009275"))
            {
                Stratum = "GNA-unseen-unheard",
            },
            trials[1]);
        var matching = Assert.IsType<MatchingTrial>(trials[13]);
        Assert.Equal((RetrievalDirection.VoiceToFace, new ClipKey("id10002", "TqUbiOgEb0w/00009")), (matching.Direction, matching.Probe));
        Assert.Equal(new ClipKey("id10002", "RLKKsYiCMvc/0009950"), matching.Positive);
        Assert.Equal([new ClipKey("id10956", "8Jim3lamzDQ/0002725")], matching.Negatives);
        Assert.Equal(new RetrievalItem(Modality.Face, new ClipKey("id10002", "6WO410QOeuo/0003800")) { Stratum = "20k" }, trials[16]);
        Assert.Equal(new RetrievalItem(Modality.Voice, new ClipKey("id10002", "0_laIeN-Q44/00001")) { Stratum = "20k" }, trials[19]);
    }

    [Theory]
    [InlineData(VoxCeleb1TrialPeople.SeenHeard, 4)]
    [InlineData(VoxCeleb1TrialPeople.UnseenUnheard, 18)]
    public void Write_SeenOrUnseenOnly_OmitsTheOtherLists(VoxCeleb1TrialPeople people, int count)
    {
        IReadOnlyList<VoxCeleb1TrialList> lists =
            new VoxCeleb1Trials(new VoxCeleb1TrialOptions { Lists = Excerpts, People = people }).Write(_folder["trials.jsonl"]);

        Assert.Equal(count, lists.Sum(list => list.TrialCount));
    }

    [Fact]
    public void WriteManifest_Tree_HasAClipForEveryFileThatIsThere()
    {
        Make(
            "vox/wav/id10002/gaQqIoV_aLY/00001.wav",
            "vox/wav/id10001/Y8hIVOBuels/00001.wav",
            "vox/unzippedFaces/A.R._Rahman/1.6/0_laIeN-Q44/0007400.jpg");
        string path = _folder["vox", "trial-clips.jsonl"];
        var trials = new VoxCeleb1Trials(new VoxCeleb1TrialOptions { Lists = Excerpts });

        CorpusBuildReport report = trials.WriteManifest(path, new VoxCeleb1Options { Root = _folder["vox"] });
        Manifest manifest = ManifestReader.Read(path);

        Assert.Equal(
            ["id10001/Y8hIVOBuels/00001", "id10002/gaQqIoV_aLY/00001", "id10002/0_laIeN-Q44/0007400"],
            manifest.Clips.Select(clip => clip.Key));
        Assert.Equal([CorpusSplit.Train, CorpusSplit.Test, CorpusSplit.Test], manifest.Clips.Select(clip => clip.Split));
        Assert.Equal("wav/id10002/gaQqIoV_aLY/00001.wav", manifest.Clips[1].Voice);
        Assert.Empty(manifest.Clips[1].Faces);
        Assert.Null(manifest.Clips[2].Voice);
        Assert.Equal(["unzippedFaces/A.R._Rahman/1.6/0_laIeN-Q44/0007400.jpg"], manifest.Clips[2].Faces);
        Assert.Equal(("m", "India"), (manifest.Clips[2].Gender, manifest.Clips[2].Nationality));
        CorpusNotice notice = Assert.Single(report.Notices);
        Assert.Equal("files that the lists name and the tree lacks, left out", notice.What);
        Assert.Equal(41 - 3, notice.Count); // 41 different files in the excerpts
    }

    [Fact]
    public void WriteManifest_EmptyTree_IsRefused()
    {
        Directory.CreateDirectory(_folder["vox"]);
        var trials = new VoxCeleb1Trials(new VoxCeleb1TrialOptions { Lists = Excerpts });

        var e = Assert.Throws<InvalidDataException>(
            () => trials.WriteManifest(_folder["vox", "m.jsonl"], new VoxCeleb1Options { Root = _folder["vox"] }));

        Assert.Equal($"{_folder["vox"]}: has none of the files that the lists name; expected a copy of VoxCeleb1.", e.Message);
        Assert.Empty(Directory.GetFiles(_folder["vox"]));
    }

    [Theory]
    [InlineData("veriflist/veriflist_test_G_seenheard.txt", "id,a\n",
        "line 1: found \"id,a\"; expected \"id,voice-speaker-id,face-speaker-id,label,voice-path,face-path\".")]
    [InlineData("veriflist/veriflist_test_G_seenheard.txt", "H\n1,1,2,1,A/v_0000001.wav,B/w/0001.jpg",
        "line 2: 'label' is \"1\"; expected 0, because voice-path and face-path are of two people.")]
    [InlineData("veriflist/veriflist_test_G_seenheard.txt", "H\n1,1,1,0,A/v_0000001.wav,A/w/0001.jpg",
        "line 2: 'label' is \"0\"; expected 1, because voice-path and face-path are of one person.")]
    [InlineData("veriflist/veriflist_test_G_seenheard.txt", "H\n1,1,2,1,A/v_0000001.wav,A/w/0001.jpg",
        "line 2: 'voice-speaker-id' is 1 and 'face-speaker-id' 2; expected one number, as the paths have it.")]
    [InlineData("veriflist/veriflist_test_G_seenheard.txt", "H\n1,1,1,1,A/v/00001.wav,A/w/0001.jpg",
        "line 2: 'voice-path' is \"A/v/00001.wav\"; expected Name/video_0000001.wav.")]
    [InlineData("veriflist/veriflist_test_G_seenheard.txt", "H\n1,1,1,1,C/v_0000001.wav,A/w/0001.jpg",
        "line 2: 'voice-path' is \"C/v_0000001.wav\"; expected somebody in the list of people, which has no 'C'.")]
    [InlineData("veriflist/veriflist_test_G_seenheard.txt", "H\n1,1,1,1,A/v_0000001.wav", "line 2: has 5 columns; expected 6.")]
    [InlineData("matching/matching_v2f_U.csv", "id1/v/00001.wav B/1.6/w/0001.jpg A/1.6/w/0001.jpg",
        "line 1: 'positive' is B/1.6/w/0001.jpg, of id2; expected one of id1, the probe's person.")]
    [InlineData("matching/matching_v2f_U.csv", "id1/v/00001.wav A/1.6/w/0001.jpg A/1.6/w/0002.jpg",
        "line 1: 'negative' is A/1.6/w/0002.jpg, of id1; expected another identity than the probe's.")]
    [InlineData("matching/matching_f2v_U.csv", "id1/v/00001.wav A/1.6/w/0001.jpg B/1.6/w/0002.jpg",
        "line 1: 'probe' is \"id1/v/00001.wav\"; expected Name/1.6/video/frame.jpg.")]
    [InlineData("retrieval/wav_20k.csv", "VoxCeleb1 ID\twav\nid2\tid1/v/00001.wav",
        "line 2: 'VoxCeleb1 ID' is \"id2\"; expected id1, whose id1/v/00001.wav is.")]
    [InlineData("retrieval/jpg_20k.csv", "VoxCeleb1 ID\twav\n", "line 1: found \"VoxCeleb1 ID\twav\"; expected \"VoxCeleb1 ID\tjpg\".")]
    public void Write_BrokenRow_NamesFileLineFieldFoundAndExpected(string file, string text, string message)
    {
        _folder.Write("vox1_meta.csv", "VoxCeleb1 ID\tVGGFace1 ID\tGender\tNationality\tSet\nid1\tA\tm\tUSA\tdev\nid2\tB\tm\tUSA\tdev\n");
        string path = _folder.Write(
            file, text.Replace("H\n", "id,voice-speaker-id,face-speaker-id,label,voice-path,face-path\n", StringComparison.Ordinal));

        var e = Assert.Throws<InvalidDataException>(
            () => new VoxCeleb1Trials(new VoxCeleb1TrialOptions { Lists = _folder.Root }).Write(_folder["trials.jsonl"]));

        Assert.Equal($"{path}: {message}", e.Message);
        Assert.False(File.Exists(_folder["trials.jsonl"]));
    }

    [Fact]
    public void Write_NoLists_SaysWhatIsExpected()
    {
        _folder.Write("vox1_meta.csv", "VoxCeleb1 ID\tVGGFace1 ID\tGender\tNationality\tSet\nid1\tA\tm\tUSA\tdev\n");

        var none = Assert.Throws<InvalidDataException>(
            () => new VoxCeleb1Trials(new VoxCeleb1TrialOptions { Lists = _folder.Root }).Write(_folder["trials.jsonl"]));
        var missing = Assert.Throws<DirectoryNotFoundException>(
            () => new VoxCeleb1Trials(new VoxCeleb1TrialOptions { Lists = _folder["none"] }));

        Assert.Equal(
            $"{_folder.Root}: has no list of trials; expected veriflist/veriflist_test_*.txt, matching/matching_*.csv or retrieval/*.csv.",
            none.Message);
        Assert.Equal($"{_folder["none"]}: there is no such folder; expected the published lists of VoxCeleb1.", missing.Message);
    }

    [SkippableFact]
    public void Write_PublishedLists_ReadsEveryRow()
    {
        string lists = Path.Combine(Fixtures.Shared, "voxceleb1-lists");
        Skip.IfNot(Directory.Exists(lists), "the published lists are not on this machine");
        string path = _folder["trials.jsonl"];

        IReadOnlyList<VoxCeleb1TrialList> made = new VoxCeleb1Trials(new VoxCeleb1TrialOptions { Lists = lists }).Write(path);

        // 10 verification lists as their README says, 10,000 rows of matching each in strata U and G (fewer people
        // share a nationality), 20,000 items each way.
        Assert.Equal(10, made.Count(list => list.Kind == TrialKind.Verification));
        Assert.All(made, list => Assert.Equal(
            File.ReadLines(list.FilePath).Count(line => line.Trim().Length > 0) - (list.Kind == TrialKind.Matching ? 0 : 1),
            list.TrialCount));
        Assert.Equal(30_496, made.Single(list => list.Stratum == "random-unseen-unheard").TrialCount);
        Assert.Equal(18_020, made.Single(list => list.Stratum == "random-seen-heard").TrialCount);
        Assert.Equal(27_280, made.Single(list => list.Stratum == "GNA-unseen-unheard").TrialCount);
        Assert.Equal([10_000, 10_000, 10_000, 10_000], made.Where(list => list.Stratum is "U" or "G").Select(list => list.TrialCount));
        Assert.Equal([20_000, 20_000], made.Where(list => list.Kind == TrialKind.Retrieval).Select(list => list.TrialCount));
        Assert.Equal(made.Sum(list => list.TrialCount), TrialReader.Read(path).Count());
    }

    private void Make(params string[] files)
    {
        foreach (string file in files)
        {
            _folder.Write(file, "x");
        }
    }
}
