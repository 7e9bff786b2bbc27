package dev.corral.benchmarks;
import java.util.*;
public class L { public static void main(String[] a) throws Exception {
  User u = User.current(); FileTree t = FileTree.ofHost(); OtherTools o = new OtherTools(t); CorralCandidates c = new CorralCandidates(t,u);
  Candidate bare=o.processBuilder(), seven=c.namespaces(), full=c.container(), bw=o.bubblewrap(OtherTools.find("bwrap").get());
  List<Candidate> all=List.of(bare,seven,full,bw);
  Figures.measure(List.of(bare,seven,full),1,300);
  Figures f=Figures.measure(all,5,Integer.parseInt(a[0]));
  for (Candidate x: all) System.out.printf("%-30s median %.3f min %.3f%n",x.name(),f.median(x),f.minimum(x));
  System.out.printf("full-bare %.3f bwrap/full %.3f%n",f.difference(full,bare),f.ratio(bw,full));
}}
